import type { HTMLAttributes, ReactNode } from 'react';
import styles from './Card.module.css';
import { cx } from './cx';

/** A raised surface. `flush` leaves the padding to what is inside. */
export function Card({
  flush,
  className,
  ...rest
}: HTMLAttributes<HTMLDivElement> & { flush?: boolean }) {
  return <div {...rest} className={cx(styles.card, !flush && styles.padded, className)} />;
}

export interface SectionProps {
  title: string;
  description?: ReactNode;
  /** Buttons at the right end of the title. */
  actions?: ReactNode;
  footer?: ReactNode;
  /** No padding around the children, for tables and lists. */
  flush?: boolean;
  children?: ReactNode;
}

/** A card with a heading (h2). */
export function Section({ title, description, actions, footer, flush, children }: SectionProps) {
  return (
    <section className={styles.card} aria-label={title}>
      <div className={styles.head}>
        <div className={styles.text}>
          <h2 className={styles.title}>{title}</h2>
          {description && <p className={styles.description}>{description}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      <div className={flush ? undefined : styles.body}>{children}</div>
      {footer && <div className={styles.foot}>{footer}</div>}
    </section>
  );
}
