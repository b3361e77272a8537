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
}

export function EmptyState({ icon, title, children, actions, calm }: EmptyStateProps) {
  return (
    <div className={cx(styles.state, calm && styles.calm)}>
      <div className={styles.art} aria-hidden>
        {icon}
      </div>
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
