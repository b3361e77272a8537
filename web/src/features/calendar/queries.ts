import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { keys, queryClient } from '@/api/query';
import type { Platform, Post } from '@/api/types';
import { schedulePost, schedulePostAt } from '@/features/posts/queries';
import { resolveLocal } from '@/lib/dates';
import { toast } from '@/ui/toast';

export interface CalendarFilter {
  from: string;
  to: string;
  status?: string;
  accountId?: string;
  platform?: Platform;
}

/** Pages of a hundred posts a view reads at most; no month that people can look at holds more. */
const MOST_PAGES = 10;

/**
 * Where posts are on their way to, by id. A list that was asked for before the server knew of the move must not put them
 * back for a moment.
 */
const underWay = new Map<string, string>();

function withMoves(posts: Post[]): Post[] {
  if (underWay.size === 0) return posts;
  return posts.map((post) => ({
    ...post,
    scheduledAt: underWay.get(post.id) ?? post.scheduledAt,
  }));
}

export const calendarQuery = (filter: CalendarFilter) =>
  queryOptions({
    queryKey: [keys.posts, 'calendar', filter],
    queryFn: async ({ signal }) => {
      const posts: Post[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const query = { ...filter, sort: 'scheduledAt' as const, limit: 100, page };
        const answer = await unwrap(api.GET('/posts', { params: { query }, signal }));
        posts.push(...answer.data);
        if (page >= answer.pagination.totalPages) break;
      }
      return withMoves(posts);
    },
    placeholderData: keepPreviousData,
  });

/** Shows a post at another time at once, for as long as `deed` tells the server. */
async function showingAt<T>(id: string, scheduledAt: string, deed: () => Promise<T>): Promise<T> {
  underWay.set(id, scheduledAt);
  queryClient.setQueriesData<Post[]>(
    { queryKey: [keys.posts, 'calendar'] },
    (posts) => posts && withMoves(posts),
  );
  try {
    return await deed();
  } finally {
    underWay.delete(id);
  }
}

async function refused(error: unknown): Promise<void> {
  const problem = asProblem(error);
  toast(problem.fields[0]?.message ?? problem.message, { tone: 'danger' });
  await queryClient.invalidateQueries({ queryKey: [keys.posts] });
}

/** Moves a post at once on the screen, then on the server; a refusal puts it back and says why. */
export async function movePost(
  post: Post,
  local: string,
  zone: string,
  words: string,
): Promise<void> {
  const before = post.scheduledAt;
  try {
    await showingAt(post.id, resolveLocal(local, zone).toISOString(), () =>
      schedulePost(post.id, local, zone),
    );
    toast(words, {
      action: before ? { label: 'Undo', onClick: () => void undo(post.id, before) } : undefined,
    });
  } catch (error) {
    await refused(error);
  }
}

async function undo(id: string, before: string): Promise<void> {
  try {
    await showingAt(id, before, () => schedulePostAt(id, before));
    toast('It is back where it was.');
  } catch (error) {
    await refused(error);
  }
}
