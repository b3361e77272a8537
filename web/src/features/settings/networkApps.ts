import { queryOptions } from '@tanstack/react-query';
import { unwrap } from '@/api/client';
import { coming, type NetworkAppTest } from '@/api/coming';
import { keys, queryClient } from '@/api/query';

/** The developer apps of the networks that need one. */
export const networkAppsQuery = queryOptions({
  queryKey: [keys.networkApps],
  queryFn: async () => (await unwrap(coming.GET('/network-apps'))).data,
});

const of = (platform: string) => ({ params: { path: { platform } } });

function refreshApps() {
  return queryClient.invalidateQueries({ queryKey: [keys.networkApps] });
}

export async function setApp(
  platform: string,
  body: { clientId: string; clientSecret: string },
): Promise<void> {
  await unwrap(coming.PUT('/network-apps/{platform}', { ...of(platform), body }));
  await refreshApps();
}

export async function removeApp(platform: string): Promise<void> {
  await unwrap(coming.DELETE('/network-apps/{platform}', of(platform)));
  await refreshApps();
}

/** Asks the network whether it knows the app. */
export function testApp(platform: string): Promise<NetworkAppTest> {
  return unwrap(coming.POST('/network-apps/{platform}/test', of(platform)));
}
