import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import type { NetworkAppTest, Platform } from '@/api/types';

/** The developer apps of the networks that need one. */
export const networkAppsQuery = queryOptions({
  queryKey: [keys.networkApps],
  queryFn: async () => (await unwrap(api.GET('/network-apps'))).data,
});

const of = (platform: Platform) => ({ params: { path: { platform } } });

function refreshApps() {
  return queryClient.invalidateQueries({ queryKey: [keys.networkApps] });
}

export async function setApp(
  platform: Platform,
  body: { clientId: string; clientSecret: string },
): Promise<void> {
  await unwrap(api.PUT('/network-apps/{platform}', { ...of(platform), body }));
  await refreshApps();
}

export async function removeApp(platform: Platform): Promise<void> {
  await unwrap(api.DELETE('/network-apps/{platform}', of(platform)));
  await refreshApps();
}

/** Asks the network whether it knows the app. */
export function testApp(platform: Platform): Promise<NetworkAppTest> {
  return unwrap(api.POST('/network-apps/{platform}/test', of(platform)));
}
