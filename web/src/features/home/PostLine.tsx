import { Images, MessagesSquare } from 'lucide-react';
import type { Post } from '@/api/types';
import { formatDateTime, formatRelative } from '@/lib/dates';
import { Link } from '@/router/Link';
import { useTimeZone } from '@/session/useMe';
import { StatusBadge } from '@/ui/Badge';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useNames } from '@/ui/networks';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './HomePage.module.css';

/** The moment that matters: when it went out, else when it will. */
function moment(post: Post): string | null {
  if (post.status !== 'published') return post.scheduledAt;
  const times = post.targets.flatMap((target) => target.publishedAt ?? []);
  return times.sort().at(-1) ?? post.scheduledAt;
}

/** A post as one row of a list on the overview. */
export function PostLine({ post }: { post: Post }) {
  const names = useNames();
  const zone = useTimeZone();
  const at = moment(post);
  const platforms = [...new Set(post.targets.map((target) => target.platform))];
  const images = post.parts.reduce((sum, part) => sum + part.media.length, 0);
  const problem = post.targets.find((target) => target.problem)?.problem;
  const troubled = problem && (post.status === 'failed' || post.status === 'needs_attention');
  return (
    <li>
      <Link to="/posts/$id" params={{ id: post.id }} className={styles.line}>
        <span className={styles.platforms}>
          {platforms.map((platform) => (
            <span key={platform}>
              <NetworkIcon platform={platform} size={16} />
              <VisuallyHidden>{names.network(platform)}</VisuallyHidden>
            </span>
          ))}
        </span>
        <span className={styles.text}>
          <span className={styles.excerpt}>
            {post.title ?? (post.parts[0]?.text || 'Without text')}
          </span>
          <span className={styles.note} data-problem={troubled || undefined}>
            {troubled ? (
              problem?.message
            ) : (
              <>
                {at && (
                  <span title={formatDateTime(at, zone)}>
                    {post.status === 'published' ? formatRelative(at) : formatDateTime(at, zone)}
                  </span>
                )}
                {post.parts.length > 1 && (
                  <span className={styles.fact}>
                    <MessagesSquare aria-hidden /> {post.parts.length} in a thread
                  </span>
                )}
                {images > 0 && (
                  <span className={styles.fact}>
                    <Images aria-hidden /> {images}
                    <VisuallyHidden> images</VisuallyHidden>
                  </span>
                )}
              </>
            )}
          </span>
        </span>
        {post.status !== 'scheduled' && post.status !== 'published' && (
          <span className={styles.badge}>
            <StatusBadge status={post.status} />
          </span>
        )}
      </Link>
    </li>
  );
}
