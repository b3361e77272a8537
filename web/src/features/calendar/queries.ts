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
      return posts;
    },
    placeholderData: keepPreviousData,
  });

function showAt(id: string, scheduledAt: string): void {
  queryClient.setQueriesData<Post[]>({ queryKey: [keys.posts, 'calendar'] }, (posts) =>
    posts?.map((post) => (post.id === id ? { ...post, scheduledAt } : post)),
  );
}

/** Moves a post at once on the screen, then on the server; a refusal puts it back and says why. */
export async function movePost(
  post: Post,
  local: string,
  zone: string,
  words: string,
): Promise<void> {
  const before = post.scheduledAt;
  await queryClient.cancelQueries({ queryKey: [keys.posts, 'calendar'] });
  showAt(post.id, resolveLocal(local, zone).toISOString());
  try {
    await schedulePost(post.id, local, zone);
    toast(words, {
      action: before ? { label: 'Undo', onClick: () => void undo(post, before) } : undefined,
    });
  } catch (error) {
    const problem = asProblem(error);
    toast(problem.fields[0]?.message ?? problem.message, { tone: 'danger' });
    await queryClient.invalidateQueries({ queryKey: [keys.posts] });
  }
}

async function undo(post: Post, before: string): Promise<void> {
  showAt(post.id, before);
  try {
    await schedulePostAt(post.id, before);
    toast('It is back where it was.');
  } catch (error) {
    toast(asProblem(error).message, { tone: 'danger' });
    await queryClient.invalidateQueries({ queryKey: [keys.posts] });
  }
}
