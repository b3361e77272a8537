import type { AccountStatus } from '@/api/types';
import type { Tone } from '@/ui/Badge';

/** How an account's state is said in plain words, and whether a person must do something about it. */
export const ACCOUNT_STATUS: Record<
  AccountStatus,
  { label: string; tone: Tone; act: boolean; fallback: string }
> = {
  connected: {
    label: 'Connected',
    tone: 'green',
    act: false,
    fallback: 'Posts go out to this account.',
  },
  expired: {
    label: 'Reconnect needed',
    tone: 'amber',
    act: true,
    fallback: 'The network no longer accepts our access. Reconnect to go on posting.',
  },
  disconnected: {
    label: 'Disconnected',
    tone: 'neutral',
    act: true,
    fallback: 'Access was withdrawn. Reconnect to post to this account again.',
  },
  error: {
    label: 'Has a problem',
    tone: 'red',
    act: false,
    fallback: 'The last check of this account failed. Check again in a moment.',
  },
};
