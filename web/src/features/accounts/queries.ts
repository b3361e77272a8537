import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import type { SocialAccount } from '@/api/types';

export const accountsQuery = queryOptions({
  queryKey: [keys.accounts],
  queryFn: async () => (await unwrap(api.GET('/social-accounts'))).data,
});

/** How much of their networks' quotas the accounts have used up. */
export const quotasQuery = queryOptions({
  queryKey: [keys.quotas],
  queryFn: async () => (await unwrap(api.GET('/quotas'))).data,
});

/** What each network can do; it changes only with the server's version. */
export const networksQuery = queryOptions({
  queryKey: [keys.networks],
  queryFn: async () => (await unwrap(api.GET('/networks'))).data,
  staleTime: Infinity,
});

function refreshAccounts() {
  return queryClient.invalidateQueries({ queryKey: [keys.accounts] });
}

/** A network either connects at once or sends the browser to its own page first. */
export type ConnectAnswer =
  { kind: 'connected'; account: SocialAccount } | { kind: 'redirect'; url: string };

function connectAnswer(answer: SocialAccount | { authUrl: string }): ConnectAnswer {
  return 'authUrl' in answer
    ? { kind: 'redirect', url: answer.authUrl }
    : { kind: 'connected', account: answer };
}

/** `values` are the fields that GET /networks names for the platform. */
export function useConnect() {
  return useMutation({
    mutationFn: async (body: { platform: string } & Record<string, string>) =>
      connectAnswer(
        await unwrap(
          api.POST('/social-accounts', {
            body: body as unknown as { platform: 'mastodon'; instanceUrl: string },
          }),
        ),
      ),
    onSuccess: refreshAccounts,
  });
}

export function useReconnect() {
  return useMutation({
    mutationFn: async ({ id, appPassword }: { id: string; appPassword?: string }) =>
      connectAnswer(
        await unwrap(
          api.POST('/social-accounts/{id}/reconnect', {
            params: { path: { id } },
            body: appPassword ? { appPassword } : {},
          }),
        ),
      ),
    onSuccess: refreshAccounts,
  });
}

export function useCheckAccount() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST('/social-accounts/{id}/check', { params: { path: { id } } })),
    onSettled: refreshAccounts,
  });
}

export async function removeAccount(id: string): Promise<void> {
  await unwrap(api.DELETE('/social-accounts/{id}', { params: { path: { id } } }));
  await refreshAccounts();
}
