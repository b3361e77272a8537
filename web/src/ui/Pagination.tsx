import type { Pagination as Info } from '@/api/types';
import { Button } from './Button';
import styles from './Pagination.module.css';

/** "21–40 of 312" with the two buttons; nothing when all fits on one page. */
export function Pagination({
  pagination,
  onPage,
  label,
}: {
  pagination: Info;
  onPage: (page: number) => void;
  /** What is listed, for screen readers: "Posts". */
  label: string;
}) {
  const { page, limit, total, totalPages } = pagination;
  if (totalPages <= 1) return null;
  const first = (page - 1) * limit + 1;
  const last = Math.min(page * limit, total);
  return (
    <nav className={styles.nav} aria-label={`${label}: pages`}>
      <p className={styles.where}>
        {first}–{last} of {total}
      </p>
      <div className={styles.buttons}>
        <Button size="sm" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          Previous
        </Button>
        <Button size="sm" disabled={page >= totalPages} onClick={() => onPage(page + 1)}>
          Next
        </Button>
      </div>
    </nav>
  );
}
