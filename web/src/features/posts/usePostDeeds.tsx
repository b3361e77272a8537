import { lazy, Suspense, useState, type ReactNode } from 'react';
import { asProblem } from '@/api/problem';
import type { Post, Target } from '@/api/types';
import { formatDateTime, exactLocal } from '@/lib/dates';
import { count, listNames } from '@/lib/format';
import { navigate } from '@/router/history';
import { useTimeZone } from '@/session/useMe';
import { useNames } from '@/ui/networks';
import { toast } from '@/ui/toast';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import {
  cancelPost,
  deletePost,
  duplicatePost,
  publishPost,
  retryPost,
  schedulePost,
  takeDownPost,
} from './queries';
import { shortName } from './summary';
import { useNow } from './useNow';

const ScheduleDialog = lazy(() => import('./schedule/ScheduleDialog'));

type Question = 'publish' | 'cancel' | 'delete' | 'takeDown' | 'schedule';

/** What people do with a post. Put `dialogs` somewhere on the page: they ask first where it matters. */
export function usePostDeeds(post: Post, { onDeleted }: { onDeleted?: () => void } = {}) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [only, setOnly] = useState<Target | null>(null);
  const names = useNames();
  const zone = useTimeZone();
  const now = useNow();
  const close = () => setQuestion(null);
  const ask =
    (next: Question, target: Target | null = null) =>
    () => {
      setOnly(target);
      setQuestion(next);
    };

  const attempt = (deed: () => Promise<void>) => async () => {
    try {
      await deed();
    } catch (error) {
      toast(asProblem(error).message, { tone: 'danger' });
    }
  };
  const open = post.targets.filter((target) =>
    ['draft', 'scheduled', 'failed', 'cancelled'].includes(target.status),
  );
  const live = post.targets.filter((target) => target.status === 'published');
  const leaving = only ? [only] : live;
  const labels = (targets: Target[]) => listNames(targets.map(names.target), 3);

  const planned =
    post.scheduledAt && post.scheduledAt > now.toISOString()
      ? exactLocal(post.scheduledAt, zone)
      : null;

  const dialogs: ReactNode = (
    <>
      <ConfirmDialog
        open={question === 'publish'}
        onOpenChange={close}
        title="Publish now?"
        confirmLabel="Publish now"
        onConfirm={async () => {
          await publishPost(post.id);
          toast('Publishing.');
        }}
      >
        “{shortName(post)}” goes out at once to {labels(open)}.
      </ConfirmDialog>
      <ConfirmDialog
        open={question === 'cancel'}
        onOpenChange={close}
        title="Cancel this post?"
        confirmLabel="Cancel post"
        danger
        onConfirm={async () => {
          await cancelPost(post.id);
          toast('The post is cancelled. You can schedule it again at any time.');
        }}
      >
        It will not be published. Its text stays, and you can schedule it again.
      </ConfirmDialog>
      <ConfirmDialog
        open={question === 'delete'}
        onOpenChange={close}
        title="Delete this post?"
        confirmLabel="Delete post"
        danger
        onConfirm={async () => {
          await deletePost(post.id);
          toast('The post is deleted.');
          onDeleted?.();
        }}
      >
        {live.length > 0
          ? `It disappears from AllIN with its history. On ${labels(live)} it stays online: take it down first if it should go there, too.`
          : 'It disappears with its history. This cannot be undone.'}
      </ConfirmDialog>
      <ConfirmDialog
        open={question === 'takeDown'}
        onOpenChange={close}
        title="Take this post down?"
        confirmLabel="Take down"
        danger
        onConfirm={async () => {
          const done = await takeDownPost(post.id, only?.id);
          const gone = done.targets.filter((target) => target.status === 'deleted').length;
          toast(`Taken down from ${count(gone, 'account')}.`);
        }}
      >
        It is deleted from {labels(leaving)}, with its likes and replies. It stays here, marked as
        removed.
      </ConfirmDialog>
      <Suspense fallback={null}>
        {question === 'schedule' && (
          <ScheduleDialog
            title={post.status === 'scheduled' ? 'Reschedule' : 'Schedule this post'}
            local={planned}
            confirmLabel={post.status === 'scheduled' ? 'Reschedule' : 'Schedule'}
            onClose={close}
            onConfirm={async (local) => {
              const done = await schedulePost(post.id, local, zone);
              toast(`Scheduled: ${formatDateTime(done.scheduledAt ?? now, zone, now)}.`);
            }}
          />
        )}
      </Suspense>
    </>
  );

  return {
    dialogs,
    publish: ask('publish'),
    schedule: ask('schedule'),
    cancel: ask('cancel'),
    remove: ask('delete'),
    takeDown: (target?: Target) => ask('takeDown', target ?? null)(),
    edit: () => void navigate({ to: '/compose/$id', params: { id: post.id } }),
    duplicate: attempt(async () => {
      const copy = await duplicatePost(post.id);
      toast('This is your copy.');
      await navigate({ to: '/compose/$id', params: { id: copy.id } });
    }),
    retry: (target?: Target) =>
      attempt(async () => {
        await retryPost(post.id, target?.id);
        toast('Trying again.');
      })(),
  };
}
