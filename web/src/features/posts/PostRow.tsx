import { CalendarClock, ExternalLink, Images, MessagesSquare } from 'lucide-react';
import type { Post } from '@/api/types';
import { Thumbnail } from '@/features/media/Thumbnail';
import { formatDateTime, formatRelative } from '@/lib/dates';
import { Link } from '@/router/Link';
import { useTimeZone } from '@/session/useMe';
import { StatusBadge } from '@/ui/Badge';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Networks } from './Networks';
import { PostMenu } from './PostMenu';
import styles from './PostRow.module.css';
import {
  countFiles,
  firstSentence,
  postMoment,
  postName,
  postPicture,
  postPlatforms,
  postProblem,
  problemTone,
} from './summary';
import { useNow } from './useNow';

/** When something happened or will, in the words that fit the state. */
function When({ post }: { post: Post }) {
  const zone = useTimeZone();
  const now = useNow();
  const at = postMoment(post);
  const exact = (instant: string) => formatDateTime(instant, zone, now);
  if (post.status === 'published' && at) {
    return (
      <time dateTime={at} title={exact(at)}>
        {formatRelative(at, now)}
      </time>
    );
  }
  if (at && post.status !== 'cancelled') {
    return (
      <time dateTime={at} className={styles.when}>
        <CalendarClock aria-hidden />
        {exact(at)}
      </time>
    );
  }
  return <time dateTime={post.updatedAt}>Edited {formatRelative(post.updatedAt, now)}</time>;
}

/** One post in the list. */
export function PostRow({ post }: { post: Post }) {
  const picture = postPicture(post);
  const files = countFiles(post);
  const problem = postProblem(post);
  const live = post.targets.find(
    (target) => target.platformPostUrl && target.status === 'published',
  );
  return (
    <li className={styles.row}>
      <div className={styles.text}>
        <Link to="/posts/$id" params={{ id: post.id }} className={styles.name}>
          {postName(post)}
        </Link>
        {problem && (
          <p className={styles.problem} data-tone={problemTone(problem)}>
            {firstSentence(problem.message)}
          </p>
        )}
        <p className={styles.facts}>
          <Networks platforms={postPlatforms(post)} />
          <span>
            {post.targets.length === 1
              ? post.targets[0]?.accountName
              : `${post.targets.length} accounts`}
          </span>
          <When post={post} />
          {post.parts.length > 1 && (
            <span className={styles.fact}>
              <MessagesSquare aria-hidden /> {post.parts.length}
              <VisuallyHidden> parts</VisuallyHidden>
            </span>
          )}
          {files > 0 && (
            <span className={styles.fact}>
              <Images aria-hidden /> {files}
              <VisuallyHidden> files</VisuallyHidden>
            </span>
          )}
          <span className={styles.author}>{post.createdBy.name}</span>
        </p>
      </div>
      {picture && (
        <span className={styles.picture} aria-hidden>
          <Thumbnail content={picture} />
        </span>
      )}
      <span className={styles.badge}>
        <StatusBadge status={post.status} />
      </span>
      <span className={styles.deeds}>
        {live?.platformPostUrl && (
          <a
            className={styles.live}
            href={live.platformPostUrl}
            target="_blank"
            rel="noreferrer"
            aria-label="Open the live post"
            title="Open the live post"
          >
            <ExternalLink aria-hidden />
          </a>
        )}
        <PostMenu post={post} />
      </span>
    </li>
  );
}
