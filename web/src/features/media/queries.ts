import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap, upload, type UploadOptions } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import type { Content, ContentType } from '@/api/types';

export interface ContentFilter {
  page?: number;
  limit?: number;
  search?: string;
  type?: ContentType;
}

export const contentQuery = (filter: ContentFilter) =>
  queryOptions({
    queryKey: [keys.content, 'list', filter],
    queryFn: () => unwrap(api.GET('/content', { params: { query: filter } })),
    placeholderData: keepPreviousData,
    // The addresses of the files are signed for a while only.
    staleTime: 5 * 60_000,
  });

export const contentItemQuery = (id: string) =>
  queryOptions({
    queryKey: [keys.content, 'item', id],
    queryFn: () => unwrap(api.GET('/content/{id}', { params: { path: { id } } })),
    staleTime: 5 * 60_000,
  });

function refreshContent() {
  return queryClient.invalidateQueries({ queryKey: [keys.content] });
}

export async function uploadContent(file: File, options: UploadOptions): Promise<Content> {
  const form = new FormData();
  form.append('file', file);
  const content = await upload<Content>('/content', form, options);
  await refreshContent();
  return content;
}

export async function updateContent(
  id: string,
  body: { title?: string; altText?: string | null },
): Promise<Content> {
  const content = await unwrap(api.PATCH('/content/{id}', { params: { path: { id } }, body }));
  // Posts show the media they refer to.
  void queryClient.invalidateQueries({ queryKey: [keys.posts] });
  await refreshContent();
  return content;
}

export async function deleteContent(id: string): Promise<void> {
  await unwrap(api.DELETE('/content/{id}', { params: { path: { id } } }));
  await refreshContent();
}
