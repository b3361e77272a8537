/** Goes to the place that the address names, if it is in this element; called once that is drawn. */
export function showAnchor(within: HTMLElement | null): void {
  const id = decodeURIComponent(window.location.hash.slice(1));
  const place = id && document.getElementById(id);
  if (place && within?.contains(place)) place.scrollIntoView();
}
