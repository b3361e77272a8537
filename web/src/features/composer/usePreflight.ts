import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { PreflightReport, SocialAccount } from '@/api/types';
import { useDebounced } from '@/lib/useDebounced';
import type { DraftInput } from './draft';
import { fingerprint } from './saver';

/** Milliseconds without typing after which the server looks at the draft. */
const PAUSE = 500;

/** What the server would object to, a moment after the last change. */
export function usePreflight(
  input: DraftInput,
  scheduledAt: string | null,
  postId: string | undefined,
  accounts: readonly SocialAccount[],
  enabled: boolean,
): { report: PreflightReport | undefined; checking: boolean } {
  const wanted = fingerprint(input) + (scheduledAt ?? '');
  const asked = useDebounced(wanted, PAUSE);
  const { parts, targets } = input;
  const query = useQuery({
    // Accounts can expire or grow their limits while somebody writes.
    queryKey: ['preflight', asked, accounts.map(({ id, updatedAt }) => id + updatedAt)],
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/posts/preflight', {
          body: { parts, targets, scheduledAt: scheduledAt ?? undefined, postId },
          signal,
        }),
      ),
    // While someone types, the last report stands; it is asked anew when they pause.
    enabled: enabled && asked === wanted,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
  });
  return {
    report: enabled ? query.data : undefined,
    checking: enabled && (asked !== wanted || query.isFetching),
  };
}
