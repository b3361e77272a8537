import { useState } from 'react';
import { useLiveEvents } from '@/live/useLive';
import { VisuallyHidden } from '@/ui/VisuallyHidden';

const WORDS: Record<string, string> = {
  'post.publishing': 'is being published',
  'post.published': 'was published',
  'post.failed': 'failed',
  'post.needs_attention': 'needs your attention',
  'post.scheduled': 'was scheduled',
  'post.cancelled': 'was cancelled',
};

/** Says to screen readers what happens to posts while the page stands open. */
export function StatusAnnouncer({ postId }: { postId?: string }) {
  const [message, setMessage] = useState('');
  useLiveEvents(({ type, subjectId }) => {
    const words = WORDS[type];
    if (!words || (postId && subjectId !== postId)) return;
    setMessage(`${postId ? 'This' : 'A'} post ${words}.`);
  });
  return (
    <VisuallyHidden>
      <span role="status">{message}</span>
    </VisuallyHidden>
  );
}
