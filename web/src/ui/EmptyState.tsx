import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './EmptyState.module.css';

export interface EmptyStateProps {
  /** A lucide icon. */
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  /** The next thing to do. */
  actions?: ReactNode;
  /** Grey instead of apricot, for "nothing matches the filter". */
  calm?: boolean;
  /** h1 where it stands for the whole page. */
  heading?: 'h1' | 'h2' | 'h3';
}

export function EmptyState({
  icon,
  title,
  children,
  actions,
  calm,
  heading: Heading = 'h2',
}: EmptyStateProps) {
  return (
    <div className={cx(styles.state, calm && styles.calm)}>
      <div className={styles.art} aria-hidden>
        {icon}
      </div>
      <Heading className={styles.title}>{title}</Heading>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
