import type { Content, Platform, Post, Target } from '@/api/types';

/** What a post is called in lists: its title, else how it begins. */
export function postName(post: Pick<Post, 'title' | 'parts'>): string {
  return post.title || post.parts[0]?.text.replace(/\s+/g, ' ').trim() || 'Without text';
}

/** Its name, short enough for a sentence. */
export function shortName(post: Pick<Post, 'title' | 'parts'>): string {
  const letters = [...postName(post)];
  return letters.length > 40 ? `${letters.slice(0, 39).join('').trimEnd()}…` : letters.join('');
}

export function postPlatforms(post: Pick<Post, 'targets'>): Platform[] {
  return [...new Set(post.targets.map((target) => target.platform))];
}

/** The moment that matters: when it went out, else when it will. */
export function postMoment(post: Post): string | null {
  if (post.status !== 'published') return post.scheduledAt;
  const times = post.targets.flatMap((target) => target.publishedAt ?? []).sort();
  return times.at(-1) ?? post.scheduledAt;
}

/** The first file of a post, for a small picture of it. */
export function postPicture(post: Pick<Post, 'parts' | 'media'>): Content | undefined {
  const id = post.parts.flatMap((part) => part.media)[0]?.contentId;
  return post.media.find((content) => content.id === id);
}

export function countFiles(post: Pick<Post, 'parts'>): number {
  return post.parts.reduce((sum, part) => sum + part.media.length, 0);
}

type TargetProblem = NonNullable<Target['problem']>;

/** What keeps a post from going out, while it waits for a person. */
export function postProblem(post: Post): TargetProblem | undefined {
  if (post.status !== 'failed' && post.status !== 'needs_attention') return undefined;
  const troubled = post.targets.filter((target) => target.problem);
  // Of several, the one that the post's state speaks of.
  const first = troubled.find((target) => target.status === post.status) ?? troubled[0];
  return first?.problem ?? undefined;
}

/** A question is no failure: nothing is known to be wrong. */
export function problemTone({ nextStep }: TargetProblem): 'amber' | 'red' {
  return nextStep === 'decide' ? 'amber' : 'red';
}

/** What happened, without what to do: for lists, where the post's own page is one press away. */
export function firstSentence(message: string): string {
  return /^.+?[.!?](?=\s)/s.exec(message)?.[0] ?? message;
}
