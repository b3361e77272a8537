import type { ReactNode } from 'react';
import styles from './Skeleton.module.css';
import { VisuallyHidden } from './VisuallyHidden';

/** A grey shape where content will be. Widths and heights are CSS lengths. */
export function Skeleton({
  width = '100%',
  height = '0.875rem',
  round,
}: {
  width?: string | number;
  height?: string | number;
  round?: boolean;
}) {
  return (
    <span
      className={styles.skeleton}
      style={{ width, height, borderRadius: round ? '50%' : undefined }}
      aria-hidden
    />
  );
}

/** Groups skeletons and says once that something is loading. */
export function Loading({ label = 'Loading', children }: { label?: string; children: ReactNode }) {
  return (
    <div role="status">
      <VisuallyHidden>{label}…</VisuallyHidden>
      {children}
    </div>
  );
}
