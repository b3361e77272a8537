import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys, queryClient } from '@/api/query';

export const membersQuery = queryOptions({
  queryKey: [keys.members],
  queryFn: async () => (await unwrap(api.GET('/members'))).data,
});

export const invitationsQuery = queryOptions({
  queryKey: [keys.invitations],
  queryFn: async () => (await unwrap(api.GET('/invitations'))).data,
});

export const tokensQuery = queryOptions({
  queryKey: [keys.tokens],
  queryFn: async () => (await unwrap(api.GET('/api-tokens'))).data,
});

export function refresh(...names: string[]): Promise<unknown> {
  return Promise.all(names.map((name) => queryClient.invalidateQueries({ queryKey: [name] })));
}
