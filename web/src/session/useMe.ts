import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';
import type { Me, Permission } from '@/api/types';

export const meQuery = queryOptions({
  queryKey: [keys.me],
  queryFn: () => unwrap(api.GET('/auth/me')),
  staleTime: 5 * 60_000,
});

/** Who is logged in, in which organisation, with which permissions. Only below the signed-in layout. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Whether the person may do `permission` in the current organisation. */
export function useCan(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}

/** The organisation's IANA time zone, in which every schedule is shown. */
export function useTimeZone(): string {
  return useMe().organization.timeZone;
}
