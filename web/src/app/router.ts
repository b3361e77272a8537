import { createRouter } from '@tanstack/react-router';
import { RouteError, RoutePending } from './Fallbacks';
import { routeTree } from './routes';
import { parseSearch, stringifySearch } from './search';

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  // A link's code is fetched when the pointer comes near it.
  defaultPreload: 'intent',
  defaultPendingComponent: RoutePending,
  defaultPendingMs: 300,
  defaultPendingMinMs: 0,
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
