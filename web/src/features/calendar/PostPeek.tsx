import { CalendarClock, Pencil, X } from 'lucide-react';
import type { Post } from '@/api/types';
import { Thumbnail } from '@/features/media/Thumbnail';
import { abilities } from '@/features/posts/abilities';
import { PostMenu } from '@/features/posts/PostMenu';
import { postPicture } from '@/features/posts/summary';
import { formatDateTime } from '@/lib/dates';
import { useMe } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { STATUS, StatusBadge } from '@/ui/Badge';
import { ButtonLink, IconButton } from '@/ui/Button';
import { useNames } from '@/ui/networks';
import { useCalendar } from './context';
import styles from './PostPeek.module.css';

/** More about a post, beside its chip. */
export function PostPeek({ post, onClose }: { post: Post; onClose: () => void }) {
  const names = useNames();
  const { zone, now } = useCalendar();
  const { permissions } = useMe();
  const can = abilities(post, permissions);
  const picture = postPicture(post);
  const problem = post.targets.find((target) => target.problem)?.problem;
  return (
    <div className={styles.peek}>
      <div className={styles.head}>
        <StatusBadge status={post.status} />
        <span className={styles.spacer} />
        <PostMenu post={post} />
        <IconButton size="sm" label="Close" tipAlign="end" onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      {post.scheduledAt && (
        <p className={styles.when}>
          <CalendarClock aria-hidden /> {formatDateTime(post.scheduledAt, zone, now)}
        </p>
      )}
      {post.title && <p className={styles.title}>{post.title}</p>}
      <p className={styles.text}>{post.parts[0]?.text || 'Without text'}</p>
      {picture && (
        <div className={styles.picture}>
          <Thumbnail content={picture} />
        </div>
      )}
      <ul className={styles.targets}>
        {post.targets.map((target) => {
          const { label, Icon, tone } = STATUS[target.status];
          return (
            <li key={target.id} className={styles.target}>
              <Avatar name={target.accountName} platform={target.platform} size={22} />
              <span className={styles.account}>
                {target.accountName}
                <span className={styles.network}> on {names.network(target.platform)}</span>
              </span>
              <span className={styles.state} data-tone={tone} title={label}>
                <Icon aria-label={label} />
              </span>
            </li>
          );
        })}
      </ul>
      {problem && <p className={styles.problem}>{problem.message}</p>}
      <div className={styles.foot}>
        {can.edit && (
          <ButtonLink
            size="sm"
            to="/compose/$id"
            params={{ id: post.id }}
            icon={<Pencil aria-hidden />}
          >
            Edit
          </ButtonLink>
        )}
        <ButtonLink size="sm" variant="primary" to="/posts/$id" params={{ id: post.id }}>
          Open
        </ButtonLink>
      </div>
    </div>
  );
}
