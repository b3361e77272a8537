import { useShortcut } from '@/lib/shortcuts';
import { navigate } from '@/router/history';
import { useCan } from '@/session/useMe';

const GO = 'Go to';
const ANYWHERE = 'Anywhere';

/** The shortcuts that work on every page. */
export function useShellShortcuts({
  onPalette,
  onHelp,
}: {
  onPalette: () => void;
  onHelp: () => void;
}) {
  const mayWrite = useCan('posts:write');
  useShortcut('mod+k', onPalette, { label: 'Find and do anything', group: ANYWHERE });
  useShortcut('?', onHelp, { label: 'Show the shortcuts', group: ANYWHERE });
  useShortcut('n', () => void navigate({ to: '/compose' }), {
    label: 'New post',
    group: ANYWHERE,
    enabled: mayWrite,
  });
  useShortcut('g o', () => void navigate({ to: '/' }), { label: 'Overview', group: GO });
  useShortcut('g c', () => void navigate({ to: '/calendar' }), { label: 'Calendar', group: GO });
  useShortcut('g p', () => void navigate({ to: '/posts' }), { label: 'Posts', group: GO });
  useShortcut('g m', () => void navigate({ to: '/media' }), { label: 'Media', group: GO });
  useShortcut('g a', () => void navigate({ to: '/accounts' }), { label: 'Accounts', group: GO });
  useShortcut('g s', () => void navigate({ to: '/settings' }), { label: 'Settings', group: GO });
}
