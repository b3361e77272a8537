import type { Platform, StatusCount } from '@/api/types';
import type { PostFilter } from './queries';

/** What the list's address says. */
export interface PostsSearch {
  status?: string;
  accountId?: string;
  platform?: string;
  search?: string;
  page?: number;
}

export interface StatusTab {
  value: string;
  label: string;
  /** Statuses as the API takes them; undefined: all. */
  status: string | undefined;
}

/** The tabs over the list, by what people look for. */
export const STATUS_TABS: StatusTab[] = [
  { value: 'all', label: 'All', status: undefined },
  { value: 'draft', label: 'Drafts', status: 'draft' },
  { value: 'scheduled', label: 'Scheduled', status: 'scheduled,publishing' },
  { value: 'needs_attention', label: 'Needs you', status: 'needs_attention,failed' },
  { value: 'published', label: 'Published', status: 'published' },
  { value: 'cancelled', label: 'Cancelled', status: 'cancelled' },
];

/** The tab an address means; links may name a single status of it, too. */
export function tabOf(status: string | undefined): StatusTab | undefined {
  return STATUS_TABS.find(
    (tab) =>
      tab.value === (status ?? 'all') ||
      tab.status === status ||
      tab.status?.split(',').includes(status ?? ''),
  );
}

/** How many posts are below a tab. */
export function countBelow(tab: StatusTab, counts: readonly StatusCount[]): number {
  const statuses = tab.status?.split(',');
  return counts
    .filter(({ status }) => !statuses || statuses.includes(status))
    .reduce((sum, { count }) => sum + count, 0);
}

/** The filter apart from the tab: all tabs count under it. */
export function commonFilter({ accountId, platform, search }: PostsSearch): PostFilter {
  return { accountId, search, platform: platform as Platform | undefined };
}

/** The filter of the list. What is to come is sorted by its time, the rest by the last change. */
export function listFilter(search: PostsSearch): PostFilter {
  const tab = tabOf(search.status);
  return {
    ...commonFilter(search),
    page: search.page ?? 1,
    limit: 20,
    status: tab ? tab.status : search.status,
    sort: tab?.value === 'scheduled' ? 'scheduledAt' : '-updatedAt',
  };
}
