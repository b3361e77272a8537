import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import type { PlainPath } from '@/router/paths';
import { useLateLoad } from './useLateLoad';

const loadImpl = () => import('./MenuImpl');
const Impl = lazy(loadImpl);

export interface MenuAction {
  label: string;
  icon?: ReactNode;
  /** Small text at the right end. */
  note?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  /** Shows a tick: of several choices this is the present one. */
  checked?: boolean;
  onSelect?: () => void;
  /** An address in the app to go to instead. */
  to?: PlainPath;
  /** An address elsewhere, opened in a new tab. */
  href?: string;
}

/** `'separator'` draws a line, `{ heading }` a small title; falsy entries are left out. */
export type MenuEntry = MenuAction | { heading: string } | 'separator' | false | null | undefined;

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement;
  items: MenuEntry[];
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom' | 'left' | 'right';
  className?: string;
}

/** A menu of deeds. Its code loads when the pointer or focus comes near the button. */
export function Menu(props: MenuProps) {
  const { pressed, placeholder } = useLateLoad(props.trigger, 'menu', loadImpl);
  if (!pressed) return placeholder;
  return (
    <Suspense fallback={placeholder}>
      <Impl {...props} />
    </Suspense>
  );
}
