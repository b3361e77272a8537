import { useQuery } from '@tanstack/react-query';
import { LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import { accountsQuery } from '@/features/accounts/queries';
import { abilities } from '@/features/posts/abilities';
import { postQuery } from '@/features/posts/queries';
import { useIdParam, useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { useCan, useMe } from '@/session/useMe';
import { ButtonLink } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './ComposePage.module.css';
import { Composer } from './Composer';

/** Opens the composer for a new post or a stored one, and keeps it when a new post becomes a stored one. */
export default function ComposePage() {
  const id = useIdParam();
  const { at, accountId } = useSearch('/compose');
  const mayWrite = useCan('posts:write');
  const [session, setSession] = useState<{ key: number; id?: string; created?: string }>({
    key: 0,
    id,
  });
  if (session.id !== id) {
    setSession(session.created === id ? { ...session, id } : { key: session.key + 1, id });
  }

  if (!mayWrite) {
    return (
      <EmptyState calm icon={<LockKeyhole />} title="You can read here, but not write">
        <p>Ask someone who manages this organisation for another role.</p>
      </EmptyState>
    );
  }
  return (
    <Opened
      key={session.key}
      id={session.created === id ? undefined : id}
      at={at}
      accountId={accountId}
      onCreated={(created) => {
        setSession((current) => ({ ...current, created }));
        void navigate({ to: '/compose/$id', params: { id: created }, replace: true });
      }}
    />
  );
}

interface OpenedProps {
  id: string | undefined;
  at: string | undefined;
  accountId: string | undefined;
  onCreated: (id: string) => void;
}

function Opened({ id, at, accountId, onCreated }: OpenedProps) {
  const { permissions } = useMe();
  const accounts = useQuery(accountsQuery);
  const post = useQuery({ ...postQuery(id ?? ''), enabled: id !== undefined });
  // The composer goes on with what it opened; later versions reach it as conflicts, not by surprise.
  const [opened, setOpened] = useState(post.data);
  if (!opened && post.data && !post.isFetching) setOpened(post.data);

  if (accounts.isError) {
    return (
      <ErrorState heading="h1" error={accounts.error} onRetry={() => void accounts.refetch()} />
    );
  }
  if (post.isError && !opened) {
    return (
      <ErrorState
        heading="h1"
        title="This post did not load"
        error={post.error}
        onRetry={() => void post.refetch()}
      />
    );
  }
  if (!accounts.data || (id && !opened)) return <ComposerSkeleton />;
  if (opened && !abilities(opened, permissions).edit) {
    return (
      <EmptyState
        calm
        icon={<LockKeyhole />}
        title="This post has gone out"
        actions={
          <ButtonLink to="/posts/$id" params={{ id: opened.id }} variant="primary">
            Open the post
          </ButtonLink>
        }
      >
        <p>What is published cannot be changed. Duplicate it to write a new one.</p>
      </EmptyState>
    );
  }
  return (
    <Composer
      post={opened ?? null}
      accounts={accounts.data}
      at={at}
      accountId={accountId}
      onCreated={onCreated}
    />
  );
}

function ComposerSkeleton() {
  return (
    <Loading label="Opening the composer">
      <div className={styles.columns}>
        <div className={styles.column}>
          <Skeleton width="8rem" height="1.5rem" />
          <Skeleton width="70%" height="2.5rem" />
          <Skeleton height="16rem" />
        </div>
        <Skeleton height="14rem" />
      </div>
    </Loading>
  );
}
