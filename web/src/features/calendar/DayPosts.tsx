import type { Post } from '@/api/types';
import { formatDay, type Day } from '@/lib/dates';
import { Popover } from '@/ui/Popover';
import { PostChip } from './PostChip';
import styles from './DayPosts.module.css';

/** "+5 more": the posts of a day or of a crowd that found no room, in a panel. */
export function MorePosts({
  day,
  posts,
  hidden,
  className,
}: {
  day: Day;
  /** All that the panel shows. */
  posts: Post[];
  /** How many of them stand nowhere else. */
  hidden: number;
  className?: string;
}) {
  return (
    <Popover
      label={formatDay(day, { long: true })}
      trigger={
        <button type="button" className={className ?? styles.more}>
          +{hidden} more
        </button>
      }
    >
      {() => (
        <div className={styles.panel}>
          <p className={styles.title}>{formatDay(day, { long: true })}</p>
          {posts.map((post) => (
            <PostChip key={post.id} post={post} />
          ))}
        </div>
      )}
    </Popover>
  );
}
