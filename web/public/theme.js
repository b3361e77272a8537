// Sets the theme before the first paint. A file of its own, since the content security policy allows no inline script.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('allin.theme');
  } catch {
    // Storage is blocked: follow the system.
  }
  var dark =
    choice === 'dark' ||
    (choice !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  var colour = document.querySelector('meta[name="theme-color"]');
  if (colour && dark) colour.setAttribute('content', '#101619');
})();
