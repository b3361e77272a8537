import { useQuery } from '@tanstack/react-query';
import { postQuery } from '@/features/posts/queries';
import { formatRelative } from '@/lib/dates';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Dialog } from '@/ui/Dialog';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import styles from './Composer.module.css';
import type { ComposerModel } from './useComposer';

/** Somebody else stored the post while it was edited here: both versions exist, and nothing is lost until one is chosen. */
export default function Conflict({ model, id }: { model: ComposerModel; id: string }) {
  const theirs = useQuery({ ...postQuery(id), staleTime: 0 });
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const post = theirs.data;

  const run = (deed: () => Promise<unknown> | void) => async () => {
    setBusy(true);
    setFailed(null);
    try {
      await deed();
    } catch (error) {
      setFailed(asProblem(error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && model.setSave({ kind: 'idle' })}
      size="md"
      title="This post was changed meanwhile"
      description={
        post
          ? `It was stored from elsewhere ${formatRelative(post.updatedAt)}. Choose what to keep.`
          : 'It was stored from elsewhere. Choose what to keep.'
      }
      footer={
        <>
          <Button
            variant="ghost"
            disabled={busy || !post}
            onClick={run(() => post && model.reload(post))}
          >
            Take theirs
          </Button>
          <Button disabled={busy} onClick={run(model.saveAsNew)}>
            Keep both
          </Button>
          <Button
            variant="primary"
            disabled={!post}
            busy={busy}
            onClick={run(() => post && model.overwrite(post))}
          >
            Keep mine
          </Button>
        </>
      }
    >
      {failed && <Callout tone="danger">{failed}</Callout>}
      <div className={styles.versions}>
        <section>
          <h3>Yours</h3>
          <p>{model.draft.parts.map((part) => part.text).join('\n\n') || 'No text'}</p>
        </section>
        <section>
          <h3>Theirs</h3>
          <p>{post ? post.parts.map((part) => part.text).join('\n\n') || 'No text' : 'Loading…'}</p>
        </section>
      </div>
    </Dialog>
  );
}
