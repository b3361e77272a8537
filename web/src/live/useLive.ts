import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { liveStore, onLiveEvent, startLive, type LiveEvent } from './live';

export function useLiveStatus() {
  return useSyncExternalStore(liveStore.subscribe, liveStore.status);
}

/** Keeps the event stream open for one organisation. Once, in the shell. */
export function useLiveStream(organizationId: string): void {
  useEffect(() => startLive(), [organizationId]);
}

/** Hears every live event, beyond the refetching that happens by itself. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const latest = useEffectEvent(listener);
  useEffect(() => onLiveEvent((event) => latest(event)), []);
}
