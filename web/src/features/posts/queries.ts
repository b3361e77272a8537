import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import type { Platform, Post } from '@/api/types';
import { resolveLocal, SECOND } from '@/lib/dates';

export interface PostFilter {
  page?: number;
  limit?: number;
  /** Comma-separated statuses. */
  status?: string;
  accountId?: string;
  platform?: Platform;
  search?: string;
  /** Instants between which the post is scheduled. */
  from?: string;
  to?: string;
  sort?: 'scheduledAt' | '-updatedAt';
}

export const postsQuery = (filter: PostFilter) =>
  queryOptions({
    queryKey: [keys.posts, 'list', filter],
    queryFn: () => unwrap(api.GET('/posts', { params: { query: filter } })),
    placeholderData: keepPreviousData,
  });

/** How many posts a filter matches, by status. */
export const postCountsQuery = (query: Omit<PostFilter, 'page' | 'limit'>) =>
  queryOptions({
    queryKey: [keys.posts, 'counts', query],
    queryFn: async () => (await unwrap(api.GET('/posts/counts', { params: { query } }))).data,
    placeholderData: keepPreviousData,
  });

export const postQuery = (id: string) =>
  queryOptions({
    queryKey: [keys.posts, 'one', id],
    queryFn: () => unwrap(api.GET('/posts/{id}', { params: { path: { id } } })),
  });

export const attemptsQuery = (id: string) =>
  queryOptions({
    queryKey: [keys.posts, 'attempts', id],
    queryFn: async () =>
      (await unwrap(api.GET('/posts/{id}/attempts', { params: { path: { id } } }))).data,
  });

/** Shows a changed post at once and lets every list load anew. */
export function rememberPost(post: Post): Post {
  queryClient.setQueryData(postQuery(post.id).queryKey, post);
  void queryClient.invalidateQueries({ queryKey: [keys.posts] });
  return post;
}

const at = (id: string) => ({ params: { path: { id } } });

export async function publishPost(id: string): Promise<Post> {
  return rememberPost(await unwrap(api.POST('/posts/{id}/publish', at(id))));
}

/** `local` is wall time in `timeZone`; the server knows its rules about days on which the clocks change. */
export async function schedulePost(id: string, local: string, timeZone: string): Promise<Post> {
  // Of a time that comes twice, the server takes the first.
  if (local.endsWith(SECOND))
    return schedulePostAt(id, resolveLocal(local, timeZone).toISOString());
  const body = { scheduledLocal: local, timeZone };
  return rememberPost(await unwrap(api.POST('/posts/{id}/schedule', { ...at(id), body })));
}

export async function schedulePostAt(id: string, scheduledAt: string): Promise<Post> {
  return rememberPost(
    await unwrap(api.POST('/posts/{id}/schedule', { ...at(id), body: { scheduledAt } })),
  );
}

export async function cancelPost(id: string): Promise<Post> {
  return rememberPost(await unwrap(api.POST('/posts/{id}/cancel', at(id))));
}

export async function duplicatePost(id: string): Promise<Post> {
  return rememberPost(await unwrap(api.POST('/posts/{id}/duplicate', at(id))));
}

export async function deletePost(id: string): Promise<void> {
  await unwrap(api.DELETE('/posts/{id}', at(id)));
  queryClient.removeQueries({ queryKey: postQuery(id).queryKey });
  void queryClient.invalidateQueries({ queryKey: [keys.posts] });
}

/** Without a target: everything that failed. */
export async function retryPost(id: string, targetId?: string): Promise<Post> {
  return rememberPost(
    await unwrap(api.POST('/posts/{id}/retry', { ...at(id), body: { targetId } })),
  );
}

export interface Decision {
  targetId: string;
  decision: 'published' | 'publish_again' | 'give_up';
  url?: string;
}

export async function resolvePost(id: string, body: Decision): Promise<Post> {
  return rememberPost(await unwrap(api.POST('/posts/{id}/resolve', { ...at(id), body })));
}

/** Removes the post from its networks, or from that of one target. */
export async function takeDownPost(id: string, targetId?: string): Promise<Post> {
  return rememberPost(
    await unwrap(api.POST('/posts/{id}/unpublish', { ...at(id), body: { targetId } })),
  );
}
