import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { CalendarPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Page, Post, SocialAccount } from '@/api/types';
import { accountsQuery } from '@/features/accounts/queries';
import { ACCOUNT_STATUS } from '@/features/accounts/status';
import { count } from '@/lib/format';
import { useCan, useMe } from '@/session/useMe';
import { AccountAvatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { ButtonLink } from '@/ui/Button';
import { Card, Section } from '@/ui/Card';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { Guide } from './Guide';
import styles from './HomePage.module.css';
import { PostLine } from './PostLine';
import { anyPostQuery, publishedQuery, troubledQuery, upcomingQuery } from './queries';

export default function HomePage() {
  const { organization } = useMe();
  const mayWrite = useCan('posts:write');
  const accounts = useQuery(accountsQuery);
  const troubled = useQuery(troubledQuery);
  const upcoming = useQuery(upcomingQuery);
  const published = useQuery(publishedQuery);
  const any = useQuery(anyPostQuery);
  const troubles = troubled.data?.pagination.total ?? 0;

  return (
    <div>
      <PageHeader
        title="Overview"
        description={summary(organization.name, upcoming.data?.pagination.total, troubles)}
      />
      {/* All at once: the guide coming later would push away what somebody has begun to read. */}
      {[accounts, upcoming, published, any].some((query) => query.isPending) ? (
        <HomeSkeleton />
      ) : (
        <>
          <Guide
            facts={{
              accounts: accounts.data?.length,
              posts: any.data?.pagination.total,
              scheduled: upcoming.data?.pagination.total,
              published: published.data?.pagination.total,
            }}
          />
          <div className={styles.columns}>
            <div className={styles.column}>
              {troubled.data && troubles > 0 && (
                <Section title="Needs you" flush actions={<Badge tone="amber">{troubles}</Badge>}>
                  <PostList query={troubled} empty={null} />
                </Section>
              )}
              <Section
                title="Up next"
                flush
                actions={
                  <ButtonLink to="/calendar" size="sm" variant="ghost">
                    Calendar
                  </ButtonLink>
                }
              >
                <PostList
                  query={upcoming}
                  empty={
                    <EmptyState
                      icon={<CalendarPlus />}
                      title="Nothing is scheduled"
                      actions={
                        mayWrite && (
                          <ButtonLink to="/compose" variant="primary">
                            Write a post
                          </ButtonLink>
                        )
                      }
                    >
                      <p>What you schedule stands here in the order in which it goes out.</p>
                    </EmptyState>
                  }
                />
              </Section>
            </div>
            <div className={styles.column}>
              <Section
                title="Accounts"
                flush
                actions={
                  <ButtonLink to="/accounts" size="sm" variant="ghost">
                    Manage
                  </ButtonLink>
                }
              >
                <AccountList query={accounts} />
              </Section>
              <Section title="Just published" flush>
                <PostList
                  query={published}
                  empty={
                    <p className={styles.none}>Published posts appear here, with their links.</p>
                  }
                />
              </Section>
            </div>
          </div>
        </>
      )}
    </div>
  );
}

function summary(name: string, scheduled: number | undefined, troubles: number): string {
  if (scheduled === undefined) return name;
  const next = scheduled === 0 ? 'nothing scheduled' : `${count(scheduled, 'post')} scheduled`;
  return troubles > 0
    ? `${name}: ${next}, ${count(troubles, 'post')} waiting for you.`
    : `${name}: ${next}.`;
}

function HomeSkeleton() {
  return (
    <div className={styles.columns}>
      <Card flush>
        <Rows label="Loading posts" />
      </Card>
      <Card flush>
        <Rows label="Loading accounts" />
      </Card>
    </div>
  );
}

function Rows({ label }: { label: string }) {
  return (
    <Loading label={label}>
      <div className={styles.list}>
        {[0, 1, 2].map((row) => (
          <div key={row} className={styles.line}>
            <Skeleton width={16} height={16} round />
            <span className={styles.text}>
              <Skeleton width="75%" />
              <Skeleton width="8rem" height="0.75rem" />
            </span>
          </div>
        ))}
      </div>
    </Loading>
  );
}

function PostList({ query, empty }: { query: UseQueryResult<Page<Post>>; empty: ReactNode }) {
  if (query.isPending) return <Rows label="Loading posts" />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.data.length === 0) return empty;
  return (
    <ul className={styles.list}>
      {query.data.data.map((post) => (
        <PostLine key={post.id} post={post} />
      ))}
    </ul>
  );
}

function AccountList({ query }: { query: UseQueryResult<SocialAccount[]> }) {
  if (query.isPending) return <Rows label="Loading accounts" />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0) {
    return <p className={styles.none}>No account is connected yet.</p>;
  }
  return (
    <ul className={styles.list}>
      {query.data.map((account) => {
        const status = ACCOUNT_STATUS[account.status];
        return (
          <li key={account.id} className={styles.account}>
            <AccountAvatar account={account} size={32} />
            <span className={styles.text}>
              <span className={styles.excerpt}>{account.displayName || account.username}</span>
              <span className={styles.note}>@{account.username}</span>
            </span>
            {account.status !== 'connected' && <Badge tone={status.tone}>{status.label}</Badge>}
          </li>
        );
      })}
    </ul>
  );
}
