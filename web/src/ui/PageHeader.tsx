import { useEffect, type ReactNode } from 'react';
import styles from './PageHeader.module.css';

/** The page's h1, also the window's title. */
export function PageHeader({
  title,
  description,
  actions,
}: {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
}) {
  useTitle(title);
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{title}</h1>
      {description && <p className={styles.description}>{description}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}

/** Sets the window's title, for pages that draw a header of their own. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · AllIN`;
  }, [title]);
}
