import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setSessionLostHandler } from '@/api/client';
import { queryClient } from '@/api/query';
import { router } from '@/app/router';
import '@/ui/base.css';
import { Toaster } from '@/ui/Toaster';

type RouteId = keyof typeof router.routesById;

setSessionLostHandler(() => {
  const { pathname, href } = router.state.location;
  if (['/login', '/signup', '/invite'].includes(pathname)) return;
  void router
    .navigate({ to: '/login', search: { next: href }, replace: true })
    .then(() => queryClient.clear());
});

// The page's code need not wait until it is known who is logged in.
for (const { routeId } of router.matchRoutes(router.latestLocation) as { routeId: RouteId }[]) {
  void router.loadRouteChunk(router.routesById[routeId])?.catch(() => {
    // The router meets the same error when it shows the page, and says so there.
  });
}

const container = document.getElementById('root');
if (container) {
  createRoot(container).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toaster />
      </QueryClientProvider>
    </StrictMode>,
  );
}
