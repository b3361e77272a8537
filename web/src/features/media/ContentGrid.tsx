import type { Content } from '@/api/types';
import { formatBytes } from '@/lib/format';
import { Badge } from '@/ui/Badge';
import { cx } from '@/ui/cx';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './ContentGrid.module.css';
import { Thumbnail } from './Thumbnail';

function facts(content: Content): string {
  const size = content.width && content.height ? `${content.width} × ${content.height} · ` : '';
  return size + formatBytes(content.fileSize);
}

/** The library as tiles, each a button. */
export function ContentGrid({
  contents,
  onOpen,
}: {
  contents: Content[];
  onOpen: (content: Content) => void;
}) {
  return (
    <ul className={styles.grid}>
      {contents.map((content) => (
        <li key={content.id}>
          <button type="button" className={styles.tile} onClick={() => onOpen(content)}>
            <span className={styles.picture}>
              <Thumbnail content={content} />
              {content.type === 'image' && !content.altText && (
                <Badge tone="amber" className={styles.missing}>
                  No alt text
                </Badge>
              )}
            </span>
            <span className={styles.caption}>
              <span className={styles.title}>
                <VisuallyHidden>Edit </VisuallyHidden>
                {content.title}
              </span>
              <span className={styles.facts}>{facts(content)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The library as tiles that can be chosen; the mark shows the order of choosing. */
export function ContentChoice({
  contents,
  chosen,
  full,
  onToggle,
}: {
  contents: Content[];
  chosen: Content[];
  /** No more may be chosen. */
  full: boolean;
  onToggle: (content: Content) => void;
}) {
  return (
    <ul className={cx(styles.grid, styles.compact)}>
      {contents.map((content) => {
        const place = chosen.findIndex((item) => item.id === content.id);
        return (
          <li key={content.id}>
            <label className={styles.tile}>
              <span className={styles.picture}>
                <Thumbnail content={content} />
              </span>
              <input
                type="checkbox"
                className={styles.check}
                aria-label={content.title}
                checked={place >= 0}
                disabled={full && place < 0}
                onChange={() => onToggle(content)}
              />
              <span className={styles.mark} aria-hidden>
                {place >= 0 && place + 1}
              </span>
            </label>
          </li>
        );
      })}
    </ul>
  );
}

export function ContentGridSkeleton({ compact }: { compact?: boolean }) {
  return (
    <Loading label="Loading media">
      <div className={cx(styles.grid, compact && styles.compact)}>
        {Array.from({ length: compact ? 10 : 8 }, (_, index) => (
          <Skeleton key={index} height={compact ? '8.5rem' : '11.5rem'} />
        ))}
      </div>
    </Loading>
  );
}
