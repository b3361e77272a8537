import { Ban, Check, RotateCw } from 'lucide-react';
import { useId, useState } from 'react';
import type { Post, Target } from '@/api/types';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { useNames } from '@/ui/networks';
import { toast } from '@/ui/toast';
import { resolvePost } from './queries';
import styles from './TargetCard.module.css';

/** Nobody but a person can know whether the post is public; these are the three answers. */
export function Decide({ post, target }: { post: Post; target: Target }) {
  const names = useNames();
  const [asking, setAsking] = useState<'live' | 'again' | 'giveUp' | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <p>Look at {names.target(target)}, then say what you see:</p>
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
        If it is public after all, it will be there twice. Look at {names.target(target)} once more.
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
        AllIN stops trying to publish on {names.target(target)}. The other accounts are not
        affected.
      </ConfirmDialog>
    </>
  );
}

function ItIsLive({ post, target, onClose }: { post: Post; target: Target; onClose: () => void }) {
  const names = useNames();
  const id = useId();
  const [url, setUrl] = useState('');
  const form = useForm({
    submit: () =>
      resolvePost(post.id, {
        targetId: target.id,
        decision: 'published',
        url: url.trim() || undefined,
      }),
    onDone: () => {
      toast('Marked as published.');
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !form.busy && onClose()}
      title="It is live"
      description={`AllIN marks the post as published on ${names.target(target)}.`}
      footer={
        <>
          <Button onClick={onClose} disabled={form.busy}>
            Cancel
          </Button>
          <Button type="submit" form={id} variant="primary" busy={form.busy}>
            Mark as published
          </Button>
        </>
      }
    >
      <Form form={form} id={id}>
        <Field
          label="Address of the post"
          optional
          hint="With it, AllIN can link to the post and take it down later."
          error={form.error('url')}
        >
          <TextInput
            type="url"
            inputMode="url"
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
      </Form>
    </Dialog>
  );
}
