import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setSessionLostHandler } from '@/api/client';
import { queryClient } from '@/api/query';
import { App, preloadPage } from '@/app/App';
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

// The page's code need not wait until it is known who is logged in.
preloadPage(window.location.href);

const container = document.getElementById('root');
if (container) {
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <App />
        <Toaster />
      </QueryClientProvider>
    </StrictMode>,
  );
}
