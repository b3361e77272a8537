import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setSessionLostHandler } from '@/api/client';
import { queryClient } from '@/api/query';
import { App, preloadStart } from '@/app/App';
import { navigate, presentPlace } from '@/router/history';
import '@/ui/base.css';
import { Toaster } from '@/ui/Toaster';

setSessionLostHandler(() => {
  const { pathname, href } = presentPlace();
  if (['/login', '/signup', '/invite'].includes(pathname)) return;
  void navigate({ to: '/login', search: { next: href }, replace: true }).then(() =>
    queryClient.clear(),
  );
});

/** How long nothing is shown, in milliseconds, rather than a spinner. */
const PATIENCE = 500;

function start(container: HTMLElement) {
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <App />
        <Toaster />
      </QueryClientProvider>
    </StrictMode>,
  );
}

// A spinner that React has begun to show stays for 300 ms, even if the page is there the next moment. So it starts when
// the page is there, unless that takes long.
const container = document.getElementById('root');
if (container) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  void Promise.race([preloadStart(window.location.href), late]).then(() => start(container));
}
