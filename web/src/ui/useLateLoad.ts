import { cloneElement, useState, type KeyboardEvent, type ReactElement } from 'react';

/** What a button needs so that it may open something. */
interface TriggerProps {
  'aria-haspopup'?: 'menu' | 'dialog';
  'aria-expanded'?: boolean;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  onClick?: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
}

/**
 * For overlays whose code is not part of the page: their button stands there from the start, the code is fetched when the
 * pointer or focus comes near it, and the overlay opens once the button is pressed.
 */
export function useLateLoad(
  trigger: ReactElement,
  kind: 'menu' | 'dialog',
  load: () => Promise<unknown>,
): { pressed: boolean; placeholder: ReactElement } {
  const [pressed, setPressed] = useState(false);
  const near = () => void load();
  const press = () => setPressed(true);
  const placeholder = cloneElement(trigger as ReactElement<TriggerProps>, {
    'aria-haspopup': kind,
    'aria-expanded': false,
    onPointerEnter: near,
    onFocus: near,
    onClick: press,
    onKeyDown: (event) => {
      if (kind === 'menu' && event.key === 'ArrowDown') {
        event.preventDefault();
        press();
      }
    },
  });
  return { pressed, placeholder };
}
