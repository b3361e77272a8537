import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './Callout.module.css';
import { cx } from './cx';

const ICONS = {
  neutral: Info,
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
};

export interface CalloutProps {
  tone?: keyof typeof ICONS;
  title?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}

/** A message inside the page. Danger and warning are announced when they appear. */
export function Callout({ tone = 'neutral', title, actions, className, children }: CalloutProps) {
  const Icon = ICONS[tone];
  const urgent = tone === 'danger' || tone === 'warning';
  return (
    <div
      className={cx(styles.callout, tone !== 'neutral' && styles[tone], className)}
      role={urgent ? 'alert' : undefined}
    >
      <Icon aria-hidden />
      <div className={styles.body}>
        {title && <p className={styles.title}>{title}</p>}
        {children}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
