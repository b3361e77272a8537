import {
  createRootRoute,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { csrfToken } from '@/api/client';
import { asProblem } from '@/api/problem';
import { queryClient } from '@/api/query';
import { meQuery } from '@/session/useMe';
import { NotFound, RouteError } from './Fallbacks';
import { oneOf, pageNumber, text } from './search';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search): { next?: string } => ({ next: text(search, 'next') }),
  component: lazyRouteComponent(() => import('@/features/auth/LoginPage')),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: lazyRouteComponent(() => import('@/features/auth/SignupPage')),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  validateSearch: (search): { token?: string } => ({ token: text(search, 'token') }),
  component: lazyRouteComponent(() => import('@/features/auth/InvitePage')),
});

/** Everything below needs a session; without one the log-in page opens and comes back to the address asked for. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ location }) => {
    const toLogin = () => redirect({ to: '/login', search: { next: location.href } });
    if (!csrfToken()) throw toLogin();
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (asProblem(error).status === 401) throw toLogin();
      throw error;
    }
  },
  component: lazyRouteComponent(() => import('./Shell')),
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/home/HomePage')),
});

const posts = createRoute({
  getParentRoute: () => app,
  path: '/posts',
  validateSearch: (
    search,
  ): {
    status?: string;
    accountId?: string;
    platform?: string;
    search?: string;
    page?: number;
  } => ({
    status: text(search, 'status'),
    accountId: text(search, 'accountId'),
    platform: text(search, 'platform'),
    search: text(search, 'search'),
    page: pageNumber(search),
  }),
  component: lazyRouteComponent(() => import('@/features/posts/PostsPage')),
});

const post = createRoute({
  getParentRoute: () => app,
  path: '/posts/$id',
  component: lazyRouteComponent(() => import('@/features/posts/PostPage')),
});

const calendar = createRoute({
  getParentRoute: () => app,
  path: '/calendar',
  validateSearch: (
    search,
  ): {
    view?: 'month' | 'week';
    day?: string;
    status?: string;
    accountId?: string;
    platform?: 'bluesky' | 'mastodon';
  } => ({
    view: oneOf(search, 'view', ['month', 'week']),
    day: text(search, 'day'),
    status: text(search, 'status'),
    accountId: text(search, 'accountId'),
    platform: oneOf(search, 'platform', ['bluesky', 'mastodon']),
  }),
  component: lazyRouteComponent(() => import('@/features/calendar/CalendarPage')),
});

const compose = createRoute({
  getParentRoute: () => app,
  path: '/compose',
  /** `at`: wall time "2026-11-22T09:00" to begin with; `accountId`: an account chosen already. */
  validateSearch: (search): { at?: string; accountId?: string } => ({
    at: text(search, 'at'),
    accountId: text(search, 'accountId'),
  }),
  component: lazyRouteComponent(() => import('@/features/composer/ComposePage')),
});

/** Below /compose and without a component: the composer stays on the screen when a new post gets its id. */
const composePost = createRoute({
  getParentRoute: () => compose,
  path: '/$id',
});

const accounts = createRoute({
  getParentRoute: () => app,
  path: '/accounts',
  validateSearch: (
    search,
  ): { connected?: string; connectError?: string; message?: string; connect?: string } => ({
    connected: text(search, 'connected'),
    connectError: text(search, 'connectError'),
    message: text(search, 'message'),
    connect: text(search, 'connect'),
  }),
  component: lazyRouteComponent(() => import('@/features/accounts/AccountsPage')),
});

const media = createRoute({
  getParentRoute: () => app,
  path: '/media',
  validateSearch: (search): { search?: string; page?: number } => ({
    search: text(search, 'search'),
    page: pageNumber(search),
  }),
  component: lazyRouteComponent(() => import('@/features/media/MediaPage')),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsLayout')),
});

const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/profile', replace: true });
  },
});

const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: '/profile',
    component: lazyRouteComponent(() => import('@/features/settings/ProfilePage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/organization',
    component: lazyRouteComponent(() => import('@/features/settings/OrganizationPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/members',
    component: lazyRouteComponent(() => import('@/features/settings/MembersPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/tokens',
    component: lazyRouteComponent(() => import('@/features/settings/TokensPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/networks',
    component: lazyRouteComponent(() => import('@/features/settings/NetworksPage')),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: '/about',
    component: lazyRouteComponent(() => import('@/features/settings/AboutPage')),
  }),
] as const;

export const routeTree = root.addChildren([
  login,
  signup,
  invite,
  app.addChildren([
    home,
    posts,
    post,
    calendar,
    compose.addChildren([composePost]),
    accounts,
    media,
    settings.addChildren([settingsIndex, ...settingsPages]),
  ]),
]);
