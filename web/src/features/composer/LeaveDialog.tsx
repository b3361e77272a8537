import { useState } from 'react';
import { asProblem } from '@/api/problem';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Dialog } from '@/ui/Dialog';
import type { ComposerModel } from './useComposer';

/** Asked when someone leaves what is not saved. */
export default function LeaveDialog({
  model,
  busy,
  onStay,
  onLeave,
}: {
  model: ComposerModel;
  /** Files are still being sent. */
  busy: boolean;
  onStay: () => void;
  onLeave: () => void;
}) {
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string | null>(
    model.save.kind === 'failed' ? model.save.problem.message : null,
  );
  const save = async () => {
    setSaving(true);
    try {
      await model.store();
      onLeave();
    } catch (error) {
      setProblem(asProblem(error).message);
      setSaving(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onStay()}
      title={busy ? 'Files are still being sent' : 'Leave without saving?'}
      description={
        busy
          ? 'If you leave now, what has not arrived is not added to the post.'
          : 'Your changes to this post are not saved yet.'
      }
      footer={
        <>
          <Button onClick={onStay}>Stay here</Button>
          <Button
            variant="dangerGhost"
            disabled={saving}
            onClick={() => {
              model.abandon();
              onLeave();
            }}
          >
            {busy ? 'Leave' : 'Discard changes'}
          </Button>
          {!busy && (
            <Button variant="primary" busy={saving} onClick={save}>
              Save and leave
            </Button>
          )}
        </>
      }
    >
      {problem && <Callout tone="danger">{problem}</Callout>}
    </Dialog>
  );
}
