import { useQuery } from '@tanstack/react-query';
import { PenLine, Plus, Search, SearchX } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useDebounced } from '@/lib/useDebounced';
import { useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { useCan } from '@/session/useMe';
import { Button, ButtonLink } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { TextInput } from '@/ui/Field';
import { PageHeader } from '@/ui/PageHeader';
import { Pagination } from '@/ui/Pagination';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { TabPanel, Tabs } from '@/ui/Tabs';
import {
  commonFilter,
  countBelow,
  listFilter,
  STATUS_TABS,
  tabOf,
  type PostsSearch,
} from './filter';
import styles from './PostsPage.module.css';
import { PostFilters } from './PostFilters';
import { PostRow } from './PostRow';
import { postCountsQuery, postsQuery } from './queries';
import { StatusAnnouncer } from './StatusAnnouncer';

/** All posts of the organisation, by state. */
export default function PostsPage() {
  const search = useSearch('/posts');
  const mayWrite = useCan('posts:write');
  const posts = useQuery(postsQuery(listFilter(search)));
  const counts = useQuery(postCountsQuery(commonFilter(search))).data;
  const tab = tabOf(search.status);
  const change = (next: Partial<PostsSearch>) =>
    void navigate({ to: '/posts', search: { ...search, page: undefined, ...next } });
  const clear = () => change({ search: undefined, accountId: undefined, platform: undefined });
  const filtered = Boolean(search.search || search.accountId || search.platform);

  return (
    <div>
      <PageHeader
        title="Posts"
        actions={
          mayWrite && (
            <ButtonLink to="/compose" variant="primary" icon={<Plus aria-hidden />}>
              New post
            </ButtonLink>
          )
        }
      />
      <StatusAnnouncer />
      <Card flush className={styles.card}>
        <Tabs
          label="State"
          value={tab?.value ?? 'none'}
          onValueChange={(value) => change({ status: value === 'all' ? undefined : value })}
          className={styles.tabs}
          tabs={STATUS_TABS.map((item) => ({
            value: item.value,
            label: (
              <>
                {item.label}
                {counts && (
                  <Count of={countBelow(item, counts)} urgent={item.value === 'needs_attention'} />
                )}
              </>
            ),
          }))}
        >
          <Filters search={search} onChange={change} onClear={filtered ? clear : undefined} />
          <TabPanel value={tab?.value ?? 'none'}>
            {posts.isPending ? (
              <Rows />
            ) : posts.isError ? (
              <ErrorState error={posts.error} onRetry={() => void posts.refetch()} />
            ) : posts.data.data.length === 0 ? (
              <Nothing filtered={filtered} tab={tab?.value} mayWrite={mayWrite} onClear={clear} />
            ) : (
              <>
                <ul aria-busy={posts.isPlaceholderData || undefined}>
                  {posts.data.data.map((post) => (
                    <PostRow key={post.id} post={post} />
                  ))}
                </ul>
                <div className={styles.pages}>
                  <Pagination
                    label="Posts"
                    pagination={posts.data.pagination}
                    onPage={(page) => change({ page })}
                  />
                </div>
              </>
            )}
          </TabPanel>
        </Tabs>
      </Card>
    </div>
  );
}

function Filters({
  search,
  onChange,
  onClear,
}: {
  search: PostsSearch;
  onChange: (next: Partial<PostsSearch>) => void;
  onClear: (() => void) | undefined;
}) {
  const [text, setText] = useState(search.search ?? '');
  const [known, setKnown] = useState(search.search);
  if (search.search !== known) {
    // The address changed by itself: back, forward, or the filters were cleared.
    setKnown(search.search);
    if ((search.search ?? '') !== text.trim()) setText(search.search ?? '');
  }
  const settled = useDebounced(text.trim(), 300);
  const apply = useEffectEvent((value: string) => {
    if (value !== (search.search ?? '')) onChange({ search: value || undefined });
  });
  useEffect(() => apply(settled), [settled]);

  return (
    <PostFilters chosen={search} onChange={onChange} onClear={onClear} className={styles.filters}>
      <TextInput
        type="search"
        controlSize="sm"
        aria-label="Search posts"
        placeholder="Search posts"
        start={<Search aria-hidden />}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </PostFilters>
  );
}

const EMPTY: Record<string, { title: string; text: string }> = {
  all: { title: 'Write the first post', text: 'Drafts, scheduled and published posts stand here.' },
  draft: { title: 'No drafts', text: 'What you write is saved here until you schedule it.' },
  scheduled: {
    title: 'Nothing is scheduled',
    text: 'Give a post a time, and it waits here for it.',
  },
  needs_attention: {
    title: 'All is well',
    text: 'Posts that failed or need a decision appear here.',
  },
  published: {
    title: 'Nothing published yet',
    text: 'Published posts stand here with their links.',
  },
  cancelled: { title: 'Nothing was cancelled', text: 'Cancelled posts can be scheduled again.' },
};

function Nothing({
  filtered,
  tab,
  mayWrite,
  onClear,
}: {
  filtered: boolean;
  tab: string | undefined;
  mayWrite: boolean;
  onClear: () => void;
}) {
  if (filtered) {
    return (
      <EmptyState
        calm
        icon={<SearchX />}
        title="Nothing matches"
        actions={<Button onClick={onClear}>Clear the filters</Button>}
      >
        <p>No post here fits the search and the filters.</p>
      </EmptyState>
    );
  }
  const words = EMPTY[tab ?? 'all'] ?? EMPTY['all'];
  return (
    <EmptyState
      calm={tab !== 'all'}
      icon={<PenLine />}
      title={words?.title ?? ''}
      actions={
        mayWrite &&
        tab !== 'needs_attention' &&
        tab !== 'cancelled' && (
          <ButtonLink to="/compose" variant={tab === 'all' ? 'primary' : 'secondary'}>
            Write a post
          </ButtonLink>
        )
      }
    >
      <p>{words?.text}</p>
    </EmptyState>
  );
}

function Count({ of, urgent }: { of: number; urgent: boolean }) {
  return (
    <span className={styles.count} data-urgent={(urgent && of > 0) || undefined}>
      {of}
    </span>
  );
}

function Rows() {
  return (
    <Loading label="Loading posts">
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} className={styles.skeleton}>
          <Skeleton width="62%" />
          <Skeleton width="14rem" height="0.75rem" />
        </div>
      ))}
    </Loading>
  );
}
