import { api, csrfToken } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import { createLiveStream, type LiveStatus } from './stream';

/** What an event says; `subjectId` is the post, account, content or person it is about. */
export interface LiveEvent {
  id: string;
  type: string;
  subjectId: string;
  at: string;
  data: unknown;
}

const TYPES = [
  'post.created',
  'post.updated',
  'post.deleted',
  'post.scheduled',
  'post.publishing',
  'post.published',
  'post.failed',
  'post.needs_attention',
  'post.cancelled',
  'account.connected',
  'account.updated',
  'account.removed',
  'content.created',
  'content.updated',
  'content.deleted',
  'member.changed',
  'organization.updated',
];

/** Which queries an event makes stale, by the first word of its type. */
const STALE: Record<string, string[]> = {
  post: [keys.posts, keys.quotas],
  account: [keys.accounts, keys.quotas],
  content: [keys.content],
  member: [keys.members, keys.invitations, keys.me],
  organization: [keys.organization, keys.me],
};

/** Milliseconds in which events are gathered, so that a burst of them refetches once. */
const GATHER = 150;

let status: LiveStatus = 'connecting';
const statusListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();
const stale = new Set<string>();
let gathering: ReturnType<typeof setTimeout> | undefined;

function invalidateSoon(names: string[]): void {
  names.forEach((name) => stale.add(name));
  gathering ??= setTimeout(() => {
    gathering = undefined;
    for (const name of stale) void queryClient.invalidateQueries({ queryKey: [name] });
    stale.clear();
  }, GATHER);
}

function onEvent(event: LiveEvent): void {
  invalidateSoon(STALE[event.type.split('.')[0] ?? ''] ?? []);
  eventListeners.forEach((listener) => listener(event));
}

/** Opens the organisation's event stream; the answer closes it. Events may have been missed whenever it had to start anew. */
export function startLive(): () => void {
  return createLiveStream({
    url: '/api/v1/events',
    types: TYPES,
    onEvent: (data) => onEvent(JSON.parse(data) as LiveEvent),
    onGap: () => invalidateSoon(Object.values(STALE).flat()),
    onStatus: (next) => {
      status = next;
      statusListeners.forEach((listener) => listener());
    },
    // A refused stream mostly means an expired session; any call through the client renews it.
    renew: async () => {
      if (csrfToken()) await api.GET('/auth/me').catch(() => undefined);
    },
  });
}

export const liveStore = {
  subscribe(listener: () => void): () => void {
    statusListeners.add(listener);
    return () => statusListeners.delete(listener);
  },
  status: (): LiveStatus => status,
};

export function onLiveEvent(listener: (event: LiveEvent) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}
