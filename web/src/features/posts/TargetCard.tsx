import { useQuery } from '@tanstack/react-query';
import { ExternalLink, Pencil, RotateCw, Undo2, Unplug } from 'lucide-react';
import { useState } from 'react';
import type { Post, Target } from '@/api/types';
import { accountsQuery } from '@/features/accounts/queries';
import { formatDateTime, formatRelative } from '@/lib/dates';
import { useMe, useTimeZone } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { StatusBadge } from '@/ui/Badge';
import { Button, ButtonAnchor, ButtonLink, IconButton } from '@/ui/Button';
import { useNames } from '@/ui/networks';
import { abilities } from './abilities';
import { Decide } from './Decide';
import { problemTone } from './summary';
import styles from './TargetCard.module.css';
import { useNow } from './useNow';
import type { usePostDeeds } from './usePostDeeds';

/** Where a post goes: its state there, the link once it is live, and what to do when something is wrong. */
export function TargetCard({
  post,
  target,
  deeds,
}: {
  post: Post;
  target: Target;
  deeds: ReturnType<typeof usePostDeeds>;
}) {
  const names = useNames();
  const zone = useTimeZone();
  const now = useNow();
  const { permissions } = useMe();
  const account = useQuery(accountsQuery).data?.find((item) => item.id === target.socialAccountId);
  const can = abilities(post, permissions);
  const name = account?.displayName || target.accountName;
  const note =
    target.status === 'published' && target.publishedAt
      ? formatDateTime(target.publishedAt, zone, now)
      : target.status === 'scheduled' && target.scheduledAt
        ? formatDateTime(target.scheduledAt, zone, now)
        : null;

  return (
    <li className={styles.target}>
      <Avatar name={name} src={account?.avatarUrl} platform={target.platform} size={36} />
      <div className={styles.text}>
        <p className={styles.name}>
          <strong>{name}</strong>
          {target.override && <span className={styles.own}>own text</span>}
        </p>
        <p className={styles.note}>
          @{target.accountName} · {names.network(target.platform)}
          {note && ` · ${note}`}
        </p>
      </div>
      <div className={styles.state}>
        <StatusBadge status={target.status} />
        {target.platformPostUrl && target.status !== 'deleted' && (
          <ButtonAnchor
            size="sm"
            href={target.platformPostUrl}
            target="_blank"
            rel="noreferrer"
            icon={<ExternalLink aria-hidden />}
          >
            View
          </ButtonAnchor>
        )}
        {can.takeDown && target.status === 'published' && (
          <IconButton
            size="sm"
            label={`Take down from ${name}`}
            tipAlign="end"
            onClick={() => deeds.takeDown(target)}
          >
            <Undo2 aria-hidden />
          </IconButton>
        )}
      </div>
      {target.problem && (
        <div className={styles.problem} data-tone={problemTone(target.problem)}>
          <p>{target.problem.message}</p>
          {target.problem.retryAt && target.problem.retryAt > now.toISOString() && (
            <p className={styles.later}>
              AllIN tries again by itself {formatRelative(target.problem.retryAt, now)}.
            </p>
          )}
          <NextStep post={post} target={target} deeds={deeds} can={can} />
        </div>
      )}
    </li>
  );
}

function NextStep({
  post,
  target,
  deeds,
  can,
}: {
  post: Post;
  target: Target;
  deeds: ReturnType<typeof usePostDeeds>;
  can: ReturnType<typeof abilities>;
}) {
  const { permissions } = useMe();
  const [busy, setBusy] = useState(false);
  const retry = can.retry && target.status === 'failed' && (
    <Button
      size="sm"
      busy={busy}
      icon={<RotateCw aria-hidden />}
      onClick={async () => {
        setBusy(true);
        await deeds.retry(target);
        setBusy(false);
      }}
    >
      Try again
    </Button>
  );
  switch (target.problem?.nextStep) {
    case 'reconnect':
      return (
        <div className={styles.steps}>
          {permissions.includes('accounts:manage') ? (
            <ButtonLink size="sm" to="/accounts" icon={<Unplug aria-hidden />}>
              Reconnect the account
            </ButtonLink>
          ) : (
            <p>Ask someone who manages accounts to reconnect it.</p>
          )}
          {retry}
        </div>
      );
    case 'edit':
      return (
        <div className={styles.steps}>
          {can.edit && (
            <ButtonLink
              size="sm"
              to="/compose/$id"
              params={{ id: post.id }}
              icon={<Pencil aria-hidden />}
            >
              Edit the post
            </ButtonLink>
          )}
          {retry}
        </div>
      );
    case 'decide':
      return permissions.includes('posts:publish') ? (
        <Decide post={post} target={target} />
      ) : (
        <p>Someone who may publish has to decide.</p>
      );
    case 'retry_later':
    case 'none':
      return retry ? <div className={styles.steps}>{retry}</div> : null;
    default:
      return null;
  }
}
