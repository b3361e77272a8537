/** The guides of docs/networks, by network; see scripts/guides.ts. */
declare module 'virtual:guides' {
  import type { Chapter } from '@/features/networks/chapter';

  const guides: Record<string, (() => Promise<{ default: Chapter[] }>) | undefined>;
  export default guides;
}
