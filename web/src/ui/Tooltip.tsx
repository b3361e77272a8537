import { cloneElement, useId, type ReactElement, type ReactNode } from 'react';
import { cx } from './cx';
import styles from './Tooltip.module.css';

export interface TooltipProps {
  content: ReactNode;
  side?: 'top' | 'bottom';
  align?: 'start' | 'center' | 'end';
  /** One element; make it focusable if the hint is to be reached by keyboard. */
  children: ReactElement;
}

/**
 * A hint on hover and focus, drawn by CSS alone. Never the only place of an information: phones show none.
 * For icon buttons use IconButton, which brings its own.
 */
export function Tooltip({ content, side = 'top', align = 'center', children }: TooltipProps) {
  const id = useId();
  const described = cloneElement(children as ReactElement<{ 'aria-describedby'?: string }>, {
    'aria-describedby': id,
  });
  return (
    <span className={styles.anchor}>
      {described}
      <span
        role="tooltip"
        id={id}
        className={cx(styles.tip, styles[side], align !== 'center' && styles[align])}
      >
        {content}
      </span>
    </span>
  );
}
