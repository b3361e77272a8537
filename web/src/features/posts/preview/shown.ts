import type { OptionValues } from '@/api/types';

/** What a preview shows of a post's options: its headline or its poll's question, and the poll's answers. */
export function shownOptions(options: OptionValues | null | undefined): {
  title?: string;
  poll?: string[];
} {
  const title = options?.['title'] ?? options?.['question'];
  const poll = options?.['poll'] as { choices?: unknown } | null | undefined;
  return {
    title: typeof title === 'string' && title.trim() !== '' ? title : undefined,
    poll: Array.isArray(poll?.choices) ? poll.choices.map(String) : undefined,
  };
}
