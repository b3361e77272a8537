import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';

function postsQuery(
  name: string,
  query: { status?: string; sort?: 'scheduledAt' | '-updatedAt'; limit: number },
) {
  return queryOptions({
    queryKey: [keys.posts, 'home', name],
    queryFn: () => unwrap(api.GET('/posts', { params: { query } })),
  });
}

export const troubledQuery = postsQuery('troubled', {
  status: 'needs_attention,failed',
  sort: '-updatedAt',
  limit: 5,
});

export const upcomingQuery = postsQuery('upcoming', {
  status: 'scheduled,publishing',
  sort: 'scheduledAt',
  limit: 6,
});

export const publishedQuery = postsQuery('published', {
  status: 'published',
  sort: '-updatedAt',
  limit: 5,
});

/** Only its total matters: is there any post at all? */
export const anyPostQuery = postsQuery('any', { limit: 1 });
