import { useEffect, type ComponentType } from 'react';
import { navigate } from '@/router/history';
import type { Path } from '@/router/paths';
import { preloadable, type Preloadable } from './preloadable';

export interface PageEntry extends Preloadable<object> {
  /** What stands around it: nothing, the shell of a signed-in person, or the settings' tabs in the shell. */
  frame: 'none' | 'shell' | 'settings';
}

function entry(
  frame: PageEntry['frame'],
  file: () => Promise<{ default: ComponentType }>,
): PageEntry {
  return { ...preloadable(file), frame };
}

/** The settings have no page of their own, their first one stands for them. */
function FirstSettings() {
  useEffect(() => void navigate({ to: '/settings/profile', replace: true }), []);
  return null;
}

const composer = entry('shell', () => import('@/features/composer/ComposePage'));

export const PAGES: Record<Path, PageEntry> = {
  '/login': entry('none', () => import('@/features/auth/LoginPage')),
  '/signup': entry('none', () => import('@/features/auth/SignupPage')),
  '/invite': entry('none', () => import('@/features/auth/InvitePage')),
  '/': entry('shell', () => import('@/features/home/HomePage')),
  '/posts': entry('shell', () => import('@/features/posts/PostsPage')),
  '/posts/$id': entry('shell', () => import('@/features/posts/PostPage')),
  '/calendar': entry('shell', () => import('@/features/calendar/CalendarPage')),
  '/compose': composer,
  // The same entry: the composer stays on the screen when a new post gets its id.
  '/compose/$id': composer,
  '/accounts': entry('shell', () => import('@/features/accounts/AccountsPage')),
  '/accounts/choose/$id': entry('shell', () => import('@/features/accounts/ChoosePage')),
  '/media': entry('shell', () => import('@/features/media/MediaPage')),
  '/networks': entry('shell', () => import('@/features/networks/NetworksPage')),
  '/networks/$id': entry('shell', () => import('@/features/networks/NetworkPage')),
  '/settings': { Component: FirstSettings, load: () => Promise.resolve(), frame: 'shell' },
  '/settings/profile': entry('settings', () => import('@/features/settings/ProfilePage')),
  '/settings/organization': entry('settings', () => import('@/features/settings/OrganizationPage')),
  '/settings/members': entry('settings', () => import('@/features/settings/MembersPage')),
  '/settings/tokens': entry('settings', () => import('@/features/settings/TokensPage')),
  '/settings/networks': entry('settings', () => import('@/features/settings/NetworksPage')),
  '/settings/about': entry('settings', () => import('@/features/settings/AboutPage')),
};
