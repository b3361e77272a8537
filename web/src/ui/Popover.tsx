import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import { useLateLoad } from './useLateLoad';

const loadImpl = () => import('./PopoverImpl');
const Impl = lazy(loadImpl);

export interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactElement;
  /** Names the panel for screen readers. */
  label: string;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom' | 'left' | 'right';
  /** No padding, for lists and grids that bring their own. */
  flush?: boolean;
  className?: string;
  /** The content; call `close` once something in it was chosen. */
  children: (close: () => void) => ReactNode;
}

/** A small panel beside its button. Its code loads when the pointer or focus comes near the button. */
export function Popover(props: PopoverProps) {
  const { pressed, placeholder } = useLateLoad(props.trigger, 'dialog', loadImpl);
  if (!pressed) return placeholder;
  return (
    <Suspense fallback={placeholder}>
      <Impl {...props} />
    </Suspense>
  );
}
