import type { Permission, Post, PostStatus } from '@/api/types';

/** What may be done with a post at the moment. */
export interface Abilities {
  edit: boolean;
  /** Scheduling a post for the first time, and moving one that is scheduled. */
  schedule: boolean;
  publishNow: boolean;
  cancel: boolean;
  duplicate: boolean;
  retry: boolean;
  takeDown: boolean;
  delete: boolean;
}

const EDITABLE: PostStatus[] = ['draft', 'scheduled', 'failed', 'cancelled', 'needs_attention'];
const UNPUBLISHED: PostStatus[] = ['draft', 'cancelled'];
const SCHEDULABLE: PostStatus[] = ['draft', 'scheduled', 'failed', 'cancelled'];

export function abilities(
  post: Pick<Post, 'status' | 'targets'>,
  permissions: readonly Permission[],
): Abilities {
  const write = permissions.includes('posts:write');
  const publish = permissions.includes('posts:publish');
  const some = (status: string) => post.targets.some((target) => target.status === status);
  const schedulable = publish && SCHEDULABLE.includes(post.status) && post.targets.length > 0;
  return {
    edit: write && EDITABLE.includes(post.status) && (publish || !some('scheduled')),
    schedule: schedulable,
    publishNow: schedulable,
    cancel: publish && some('scheduled'),
    duplicate: write,
    retry: publish && some('failed'),
    takeDown: publish && some('published'),
    // What was or will be public goes with it: that takes the right to publish.
    delete: write && post.status !== 'publishing' && (publish || UNPUBLISHED.includes(post.status)),
  };
}

/** Whether a post can be moved in the calendar: nothing of it is out or on its way. */
export function isMovable(
  post: Pick<Post, 'status' | 'targets' | 'scheduledAt'>,
  permissions: readonly Permission[],
): boolean {
  return (
    post.scheduledAt !== null &&
    post.status === 'scheduled' &&
    abilities(post, permissions).schedule &&
    post.targets.every((target) => target.status === 'scheduled')
  );
}
