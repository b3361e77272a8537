import { useState, type ReactNode } from 'react';
import { asProblem } from '@/api/problem';
import { useTimeZone } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Dialog } from '@/ui/Dialog';
import { useNow } from '../useNow';
import { checkSchedule, firstChoice } from './schedule';
import { SchedulePicker } from './SchedulePicker';

export interface ScheduleDialogProps {
  title: string;
  /** Wall time chosen so far, in the organisation's zone. */
  local: string | null;
  confirmLabel: string;
  onClose: () => void;
  /** What there is to say of a time, below the picker. */
  hint?: (local: string) => ReactNode;
  /** Gets wall time in the organisation's zone; the dialog closes when it succeeds. */
  onConfirm: (local: string) => unknown;
}

/** The schedule picker as a question of its own. */
export default function ScheduleDialog({
  title,
  local: chosen,
  confirmLabel,
  hint,
  onClose,
  onConfirm,
}: ScheduleDialogProps) {
  const zone = useTimeZone();
  const now = useNow();
  const [local, setLocal] = useState(() => chosen ?? firstChoice(now, zone));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const possible = checkSchedule(local, zone, now).kind === 'ok';

  const confirm = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onConfirm(local);
      onClose();
    } catch (error) {
      const refused = asProblem(error);
      const suggestion = refused.details?.['suggestion'];
      if (typeof suggestion === 'string') setLocal(suggestion.slice(0, 16));
      setProblem(refused.fields[0]?.message ?? refused.message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={title}
      size="md"
      sticky={busy}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" busy={busy} disabled={!possible} onClick={confirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {problem && <Callout tone="danger">{problem}</Callout>}
      <SchedulePicker value={local} onChange={setLocal} zone={zone} />
      {hint?.(local)}
    </Dialog>
  );
}
