import { Images, MessagesSquare } from 'lucide-react';
import type { Post } from '@/api/types';
import {
  countFiles,
  firstSentence,
  postMoment,
  postName,
  postPlatforms,
  postProblem,
  problemTone,
} from '@/features/posts/summary';
import { formatDateTime, formatRelative } from '@/lib/dates';
import { Link } from '@/router/Link';
import { useTimeZone } from '@/session/useMe';
import { StatusBadge } from '@/ui/Badge';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useNames } from '@/ui/networks';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './HomePage.module.css';

/** A post as one row of a list on the overview. */
export function PostLine({ post }: { post: Post }) {
  const names = useNames();
  const zone = useTimeZone();
  const at = postMoment(post);
  const platforms = postPlatforms(post);
  const files = countFiles(post);
  const problem = postProblem(post);
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
          <span className={styles.excerpt}>{postName(post)}</span>
          <span className={styles.note} data-tone={problem && problemTone(problem)}>
            {problem ? (
              firstSentence(problem.message)
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
                {files > 0 && (
                  <span className={styles.fact}>
                    <Images aria-hidden /> {files}
                    <VisuallyHidden> files</VisuallyHidden>
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
