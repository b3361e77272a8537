import { QueryClient } from '@tanstack/react-query';
import { asProblem } from './problem';

/**
 * First parts of every query key. Live events invalidate by them, so a screen that keys its queries
 * `[keys.posts, …]` is always fresh.
 */
export const keys = {
  me: 'me',
  organization: 'organization',
  posts: 'posts',
  accounts: 'accounts',
  quotas: 'quotas',
  content: 'content',
  members: 'members',
  invitations: 'invitations',
  tokens: 'tokens',
  networks: 'networks',
  networkApps: 'network-apps',
} as const;

/** Refusals do not get better by asking again; broken connections and busy servers do. */
function worthRetrying(failures: number, error: unknown): boolean {
  const { status } = asProblem(error);
  return failures < 2 && (status === 0 || status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Live events tell what changed, so data stays good until they do.
      staleTime: 60_000,
      retry: worthRetrying,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
