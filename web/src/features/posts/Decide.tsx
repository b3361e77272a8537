import { Ban, Check, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import type { Post, Target } from '@/api/types';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Field, TextInput } from '@/ui/Field';
import { toast } from '@/ui/toast';
import { resolvePost } from './queries';
import styles from './TargetCard.module.css';
import { targetName } from './usePostDeeds';

/** Nobody but a person can know whether the post is public; these are the three answers. */
export function Decide({ post, target }: { post: Post; target: Target }) {
  const [asking, setAsking] = useState<'live' | 'again' | 'giveUp' | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <p>Look at {targetName(target)}, then say what you see:</p>
      <div className={styles.steps}>
        <Button size="sm" icon={<Check aria-hidden />} onClick={() => setAsking('live')}>
          It is live
        </Button>
        <Button size="sm" icon={<RotateCw aria-hidden />} onClick={() => setAsking('again')}>
          It is not there, publish again
        </Button>
        <Button
          size="sm"
          variant="ghost"
          icon={<Ban aria-hidden />}
          onClick={() => setAsking('giveUp')}
        >
          Give up
        </Button>
      </div>
      {asking === 'live' && <ItIsLive post={post} target={target} onClose={close} />}
      <ConfirmDialog
        open={asking === 'again'}
        onOpenChange={close}
        title="Publish it again?"
        confirmLabel="Publish again"
        onConfirm={async () => {
          await resolvePost(post.id, { targetId: target.id, decision: 'publish_again' });
          toast('Publishing again.');
        }}
      >
        If it is public after all, it will be there twice. Look at {targetName(target)} once more.
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'giveUp'}
        onOpenChange={close}
        title="Give up on this account?"
        confirmLabel="Give up"
        danger
        onConfirm={async () => {
          await resolvePost(post.id, { targetId: target.id, decision: 'give_up' });
          toast('AllIN no longer tries to publish it there.');
        }}
      >
        AllIN stops trying to publish on {targetName(target)}. The other accounts are not affected.
      </ConfirmDialog>
    </>
  );
}

function ItIsLive({ post, target, onClose }: { post: Post; target: Target; onClose: () => void }) {
  const [url, setUrl] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ReturnType<typeof asProblem> | null>(null);
  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const link = url.trim() || undefined;
      await resolvePost(post.id, { targetId: target.id, decision: 'published', url: link });
      toast('Marked as published.');
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title="It is live"
      description={`AllIN marks the post as published on ${targetName(target)}.`}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" busy={busy} onClick={confirm}>
            Mark as published
          </Button>
        </>
      }
    >
      {problem && !problem.field('url') && <Callout tone="danger">{problem.message}</Callout>}
      <Field
        label="Address of the post"
        optional
        hint="With it, AllIN can link to the post and take it down later."
        error={problem?.field('url')}
      >
        <TextInput
          type="url"
          inputMode="url"
          placeholder="https://"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
      </Field>
    </Dialog>
  );
}
