import { TriangleAlert } from 'lucide-react';
import type { CSSProperties } from 'react';
import type { Post } from '@/api/types';
import { Thumbnail } from '@/features/media/Thumbnail';
import { isMovable } from '@/features/posts/abilities';
import { Networks } from '@/features/posts/Networks';
import { postName, postPicture, postPlatforms } from '@/features/posts/summary';
import { formatTime } from '@/lib/dates';
import { useMe } from '@/session/useMe';
import { STATUS } from '@/ui/Badge';
import { cx } from '@/ui/cx';
import { Popover } from '@/ui/Popover';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { useCalendar } from './context';
import styles from './PostChip.module.css';
import { PostPeek } from './PostPeek';

/** Says how a chip is moved; the calendar has it once on the page. */
export const MOVE_HINT_ID = 'calendar-move-hint';

interface PostChipProps {
  post: Post;
  /** Two lines, for the week. */
  tall?: boolean;
  style?: CSSProperties;
}

/** A post in the calendar. A press shows more of it; dragging it, or Space and the arrow keys, moves it. */
export function PostChip({ post, tall, style }: PostChipProps) {
  const { zone, moving, press, pickUp, wasDragged } = useCalendar();
  const { permissions } = useMe();
  const movable = isMovable(post, permissions);
  const { label, tone, Icon } = STATUS[post.status];
  const picture = postPicture(post);
  const time = post.scheduledAt ? formatTime(post.scheduledAt, zone) : '';
  // States that say so themselves need no second sign.
  const troubled =
    ['scheduled', 'published'].includes(post.status) &&
    post.targets.some((target) => target.problem);

  return (
    // The button inside is what is used; this only watches for drags and for the Space key.
    <div
      className={cx(
        styles.chip,
        tall && styles.tall,
        movable && styles.movable,
        moving?.post.id === post.id && styles.lifted,
      )}
      style={style}
      data-tone={tone}
      data-post={post.id}
      onPointerDown={(event) => movable && press(post, event)}
      onClickCapture={(event) => {
        if (!wasDragged()) return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onKeyDownCapture={(event) => {
        if (event.key !== ' ' || !movable || moving) return;
        // Events of the open panel come through here, too.
        if (!event.currentTarget.contains(event.target as Node)) return;
        event.preventDefault();
        event.stopPropagation();
        pickUp(post);
      }}
      onKeyUpCapture={(event) => {
        if (event.key === ' ' && movable && event.currentTarget.contains(event.target as Node)) {
          event.preventDefault();
        }
      }}
    >
      <Popover
        label={postName(post)}
        flush
        trigger={
          <button
            type="button"
            className={styles.button}
            aria-describedby={movable ? MOVE_HINT_ID : undefined}
          >
            <Icon className={styles.icon} aria-hidden />
            <VisuallyHidden>{label}, </VisuallyHidden>
            <span className={styles.time}>{time}</span>
            <span className={styles.name}>{postName(post)}</span>
            {troubled && <TriangleAlert className={styles.icon} aria-label="has a problem" />}
            {picture && (
              <span className={styles.picture}>
                <Thumbnail content={picture} />
              </span>
            )}
            <span className={styles.networks}>
              <Networks platforms={postPlatforms(post)} size={12} />
            </span>
          </button>
        }
      >
        {(close) => <PostPeek post={post} onClose={close} />}
      </Popover>
    </div>
  );
}
