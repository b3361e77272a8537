import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { csrfToken } from '@/api/client';
import { asProblem } from '@/api/problem';
import { networksQuery } from '@/features/accounts/queries';
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

const NONE: NetworkLook[] = [];

const loadShell = () => import('./Shell');
const Shell = lazy(loadShell);
const loadSettings = () => import('@/features/settings/SettingsLayout');
const SettingsLayout = lazy(loadSettings);

/** Fetches all the code an address needs. What fails is fetched again, and reported, when the page is shown. */
export function preloadPage(href: string): void {
  const path = matchPath(new URL(href, window.location.origin).pathname)?.path;
  if (!path) return;
  const { load, frame } = PAGES[path];
  const parts: (() => Promise<unknown>)[] = [load];
  if (frame !== 'none') parts.push(loadShell);
  if (frame === 'settings') parts.push(loadSettings);
  for (const part of parts) part().catch(() => undefined);
}
setPreload(preloadPage);

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
  const { Page, frame } = PAGES[match.path];
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
