import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, type ReactNode } from 'react';
import { csrfToken } from '@/api/client';
import { asProblem } from '@/api/problem';
import { queryClient } from '@/api/query';
import { accountsQuery, networksQuery } from '@/features/accounts/queries';
import { usePlace } from '@/router/context';
import { navigate } from '@/router/history';
import { setPreload } from '@/router/Link';
import { matchPath } from '@/router/paths';
import { Router } from '@/router/Router';
import { meQuery } from '@/session/useMe';
import { NetworksContext, type NetworkLook } from '@/ui/networks';
import { ErrorBoundary } from './ErrorBoundary';
import { NotFound, PageError, PagePending } from './Fallbacks';
import { PAGES, type PageEntry } from './pages';
import { preloadable } from './preloadable';

const NONE: NetworkLook[] = [];

const shell = preloadable(() => import('./Shell'));
const settings = preloadable(() => import('@/features/settings/SettingsLayout'));
const { Component: Shell } = shell;
const { Component: SettingsLayout } = settings;

/** Fetches all the code an address needs. What fails is fetched again, and reported, when the page is shown. */
async function preloadPage(href: string): Promise<void> {
  const path = matchPath(new URL(href, window.location.origin).pathname)?.path;
  if (!path) return;
  const { load, frame } = PAGES[path];
  const parts = [load];
  if (frame !== 'none') parts.push(shell.load);
  if (frame === 'settings') parts.push(settings.load);
  await Promise.allSettled(parts.map((part) => part()));
}
setPreload((href) => void preloadPage(href));

/** The same for the address that the app starts at, and what is shown around every page and on most. All at once, since
    each request that waits for another takes the network's whole way there and back. */
export async function preloadStart(href: string): Promise<void> {
  const wanted = [preloadPage(href)];
  if (csrfToken() !== null) {
    wanted.push(
      queryClient.prefetchQuery(meQuery),
      queryClient.prefetchQuery(networksQuery),
      queryClient.prefetchQuery(accountsQuery),
    );
  }
  await Promise.all(wanted);
}

export function App() {
  return (
    <Router>
      <Suspense fallback={<PagePending />}>
        <Address />
      </Suspense>
    </Router>
  );
}

function Address() {
  const { pathname } = usePlace();
  const match = matchPath(pathname);
  if (!match) return <NotFound />;
  const { Component: Page, frame } = PAGES[match.path];
  return (
    <ErrorBoundary place={pathname} fallback={(error) => <PageError error={error} />}>
      {frame === 'none' ? (
        <Page />
      ) : (
        <SignedIn>
          <Framed frame={frame}>
            <Page />
          </Framed>
        </SignedIn>
      )}
    </ErrorBoundary>
  );
}

function Framed({ frame, children }: { frame: PageEntry['frame']; children: ReactNode }) {
  if (frame !== 'settings') return children;
  return (
    <SettingsLayout>
      <Suspense fallback={<PagePending />}>{children}</Suspense>
    </SettingsLayout>
  );
}

/** Needs a session; without one the log-in page opens, and comes back to the address asked for. */
function SignedIn({ children }: { children: ReactNode }) {
  const { pathname, href } = usePlace();
  const hasToken = csrfToken() !== null;
  const me = useQuery({ ...meQuery, enabled: hasToken });
  const networks = useQuery({ ...networksQuery, enabled: hasToken }).data ?? NONE;
  const out = !hasToken || (me.isError && asProblem(me.error).status === 401);
  useEffect(() => {
    if (out) void navigate({ to: '/login', search: { next: href }, replace: true });
  }, [out, href]);
  if (out) return null;
  if (me.isPending) return <PagePending />;
  if (!me.data) return <PageError error={me.error} />;
  return (
    <NetworksContext value={networks}>
      <Shell>
        <ErrorBoundary place={pathname} fallback={(error) => <PageError error={error} inside />}>
          <Suspense fallback={<PagePending />}>{children}</Suspense>
        </ErrorBoundary>
      </Shell>
    </NetworksContext>
  );
}
