import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, CalendarClock, Ellipsis, Pencil, RotateCw, Send } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { OptionValues, Post } from '@/api/types';
import { accountsQuery } from '@/features/accounts/queries';
import { formatDateTime, formatOffset, formatRelative, zoneCity } from '@/lib/dates';
import { count } from '@/lib/format';
import { useIdParam } from '@/router/context';
import { navigate } from '@/router/history';
import { Link } from '@/router/Link';
import { useMe, useTimeZone } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { StatusBadge } from '@/ui/Badge';
import { Button, ButtonLink, IconButton } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { cx } from '@/ui/cx';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Menu } from '@/ui/Menu';
import { useTitle } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { asProblem } from '@/api/problem';
import { abilities } from './abilities';
import { AttemptHistory } from './AttemptHistory';
import { postMenuItems } from './PostMenu';
import styles from './PostPage.module.css';
import { shownOptions } from './preview/shown';
import { postQuery } from './queries';
import { StatusAnnouncer } from './StatusAnnouncer';
import { postName, shortName } from './summary';
import { TargetCard } from './TargetCard';
import { useNow } from './useNow';
import { usePostDeeds } from './usePostDeeds';

const Preview = lazy(() => import('./preview/Preview'));

/** One post: what it says, where it went, and what happened on the way. */
export default function PostPage() {
  const id = useIdParam() ?? '';
  const post = useQuery(postQuery(id));
  if (post.isPending) return <PostSkeleton />;
  if (post.isError) {
    return asProblem(post.error).status === 404 ? (
      <EmptyState
        calm
        icon={<Pencil />}
        title="This post does not exist"
        actions={<ButtonLink to="/posts">All posts</ButtonLink>}
      >
        <p>It was deleted, or the address is wrong.</p>
      </EmptyState>
    ) : (
      <ErrorState error={post.error} onRetry={() => void post.refetch()} />
    );
  }
  return <Shown key={id} post={post.data} />;
}

/** "in 4 days: Wed 25 Nov, 18:30", or "tomorrow, 10:30" where both would say the same. */
function goingOut(at: string, zone: string, now: Date): string {
  const relative = formatRelative(at, now);
  const exact = formatDateTime(at, zone, now);
  return exact.toLowerCase().startsWith(relative)
    ? relative + exact.slice(relative.length)
    : `${relative}: ${exact}`;
}

/** The state of a post in a sentence. */
function useSentence(post: Post): string {
  const zone = useTimeZone();
  const now = useNow();
  const at = post.scheduledAt;
  const live = post.targets.filter((target) => target.status === 'published').length;
  switch (post.status) {
    case 'scheduled':
      return at
        ? `Goes out ${goingOut(at, zone, now)} in ${zoneCity(zone)} (${formatOffset(zone, at)}).`
        : 'Is waiting for its turn.';
    case 'publishing':
      return 'Is going out right now. This page shows each step as it happens.';
    case 'published':
      return `Live on ${count(live, 'account')}.`;
    case 'failed':
      return live > 0
        ? `Live on ${count(live, 'account')}, but not everywhere. See below what to do.`
        : 'Did not go out. See below why and what to do.';
    case 'needs_attention':
      return 'Waits for your decision. See below.';
    case 'cancelled':
      return 'Is cancelled and will not go out.';
    case 'draft':
      return `A draft, last edited ${formatRelative(post.updatedAt, now)}.`;
  }
}

function Shown({ post }: { post: Post }) {
  const { permissions } = useMe();
  const zone = useTimeZone();
  const can = abilities(post, permissions);
  const deeds = usePostDeeds(post, { onDeleted: () => void navigate({ to: '/posts' }) });
  const scheduled = post.status === 'scheduled';
  const sentence = useSentence(post);
  useTitle(shortName(post));

  return (
    <div>
      <StatusAnnouncer postId={post.id} />
      <Link to="/posts" className={styles.back}>
        <ArrowLeft aria-hidden /> Posts
      </Link>
      <header className={styles.header}>
        <div className={styles.heading}>
          <div className={styles.titleRow}>
            <h1 className={styles.title}>{postName(post)}</h1>
            <StatusBadge status={post.status} />
          </div>
          <p className={styles.sentence}>{sentence}</p>
        </div>
        <div className={styles.actions}>
          {can.edit && (
            <Button icon={<Pencil aria-hidden />} onClick={deeds.edit}>
              Edit
            </Button>
          )}
          {can.retry ? (
            <Button
              variant="primary"
              icon={<RotateCw aria-hidden />}
              onClick={() => void deeds.retry()}
            >
              Try again
            </Button>
          ) : scheduled && can.schedule ? (
            <Button icon={<CalendarClock aria-hidden />} onClick={deeds.schedule}>
              Reschedule
            </Button>
          ) : (
            can.schedule && (
              <>
                <Button icon={<Send aria-hidden />} onClick={deeds.publish}>
                  Publish now
                </Button>
                <Button
                  variant="primary"
                  icon={<CalendarClock aria-hidden />}
                  onClick={deeds.schedule}
                >
                  Schedule
                </Button>
              </>
            )
          )}
          <Menu
            align="end"
            trigger={
              <IconButton label="Actions" variant="secondary" tipAlign="end">
                <Ellipsis aria-hidden />
              </IconButton>
            }
            items={postMenuItems(post, can, deeds)}
          />
        </div>
      </header>

      <div className={styles.columns}>
        <div className={styles.column}>
          <Section
            title="Accounts"
            flush
            description={post.targets.length === 0 ? 'No account is chosen yet.' : undefined}
          >
            <ul className={styles.targets}>
              {post.targets.map((target) => (
                <TargetCard key={target.id} post={post} target={target} deeds={deeds} />
              ))}
            </ul>
          </Section>
          <Section title="What happened" flush>
            <AttemptHistory post={post} />
          </Section>
        </div>
        <div className={styles.column}>
          <Looks post={post} />
          <p className={styles.facts}>
            <Avatar name={post.createdBy.name} size={20} />
            <span>
              {post.createdBy.name}, {formatDateTime(post.createdAt, zone)}
            </span>
          </p>
        </div>
      </div>
      {deeds.dialogs}
    </div>
  );
}

/** How the post looks on each of its networks. */
function Looks({ post }: { post: Post }) {
  const accounts = useQuery(accountsQuery).data ?? [];
  const [wanted, setWanted] = useState<string | null>(null);
  const target = post.targets.find((item) => item.id === wanted) ?? post.targets[0];
  const account = accounts.find((item) => item.id === target?.socialAccountId);
  const contents = Object.fromEntries(post.media.map((content) => [content.id, content]));
  return (
    <div className={styles.looks}>
      {post.targets.length > 1 && (
        <div className={styles.choice} role="group" aria-label="Preview for">
          {post.targets.map((item) => {
            const known = accounts.find((each) => each.id === item.socialAccountId);
            return (
              <button
                key={item.id}
                type="button"
                aria-pressed={item === target}
                className={cx(styles.look)}
                onClick={() => setWanted(item.id)}
              >
                <Avatar
                  name={known?.displayName || item.accountName}
                  src={known?.avatarUrl}
                  platform={item.platform}
                  size={22}
                />
                <span>{known?.displayName || item.accountName}</span>
              </button>
            );
          })}
        </div>
      )}
      <Suspense fallback={<Skeleton height="10rem" />}>
        <Preview
          account={
            account ?? {
              platform: target?.platform ?? 'bluesky',
              username: target?.accountName ?? 'you.bsky.social',
              displayName: target?.accountName ?? 'Your account',
              avatarUrl: null,
            }
          }
          parts={target?.override?.parts ?? post.parts}
          contents={contents}
          format={target?.settings?.format ?? undefined}
          {...shownOptions(target?.settings?.options as OptionValues | undefined)}
        />
      </Suspense>
    </div>
  );
}

function PostSkeleton() {
  return (
    <Loading label="Loading the post">
      <div className={styles.header}>
        <div className={styles.heading}>
          <Skeleton width="20rem" height="1.75rem" />
          <Skeleton width="14rem" />
        </div>
      </div>
      <div className={styles.columns}>
        <Skeleton height="16rem" />
        <Skeleton height="12rem" />
      </div>
    </Loading>
  );
}
