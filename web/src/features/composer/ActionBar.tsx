import { CalendarClock, CircleAlert, Send, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { clock } from '@/features/posts/schedule/schedule';
import { formatDateTime, resolveLocal } from '@/lib/dates';
import { count, listNames } from '@/lib/format';
import { useShortcut } from '@/lib/shortcuts';
import { Button, IconButton } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { preloadDialog } from '@/ui/Dialog';
import { useNow } from '@/features/posts/useNow';
import { cx } from '@/ui/cx';
import { useNames } from '@/ui/networks';
import styles from './ActionBar.module.css';
import { useComposerContext } from './context';
import { SCHEDULE_ID } from './problems';
import { SaveStatus } from './SaveStatus';
import type { ComposerModel } from './useComposer';

const MoreDeeds = lazy(() => import('./MoreDeeds'));
const QuotaHint = lazy(() => import('./QuotaHint'));
const loadPicker = () => import('@/features/posts/schedule/ScheduleDialog');
const ScheduleDialog = lazy(loadPicker);

interface ActionBarProps {
  model: ComposerModel;
  /** Leads to the problems, when a deed cannot be done because of them. */
  onProblems: () => void;
  onDiscard: () => void;
}

/** Save, schedule, publish. Sticks to the bottom of the window. */
export function ActionBar({ model, onProblems, onDiscard }: ActionBarProps) {
  const names = useNames();
  const { draft, accounts, uploads } = useComposerContext();
  const { when, setWhen, zone, status, mayPublish, submitting, errors, issues } = model;
  const [picking, setPicking] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const now = useNow();
  const scheduled = status === 'scheduled';
  const shownErrors = issues.filter((issue) => issue.severity === 'error').length;
  const impossible = when !== null && model.check?.kind !== 'ok';
  const blocked = uploads.busy || submitting;
  const labels = draft.accounts.flatMap((id) => {
    const account = accounts.find((item) => item.id === id);
    return account ? [names.account(account)] : [];
  });

  const run = async (deed: () => Promise<boolean>) => {
    if (!(await deed())) onProblems();
  };
  const store = () => {
    if (!model.blank) model.store().catch(() => undefined);
  };
  const publish = () => {
    if (errors > 0) void run(model.publish);
    else setConfirming(true);
  };
  const primary = () => {
    if (blocked) return;
    if (!mayPublish) store();
    else if (scheduled) void run(model.saveChanges);
    else if (when) void run(() => model.schedule(when));
    else publish();
  };

  useShortcut('mod+Enter', primary, { label: 'Schedule or publish', group: 'Composer' });
  useShortcut('mod+s', store, { label: 'Save', group: 'Composer' });

  const shownWhen = when && formatDateTime(resolveLocal(when, zone), zone, now);
  const openPicker = () => setPicking(true);

  return (
    <div className={styles.bar}>
      <div className={styles.info}>
        <SaveStatus model={model} sending={uploads.busy} />
        {issues.length > 0 && (
          <button type="button" className={styles.issues} onClick={onProblems}>
            <CircleAlert aria-hidden data-error={shownErrors > 0 || undefined} />
            {shownErrors > 0 ? count(shownErrors, 'problem') : count(issues.length, 'hint')}
          </button>
        )}
      </div>
      <div className={styles.deeds}>
        <Suspense fallback={null}>
          <MoreDeeds
            model={model}
            blocked={blocked}
            onSave={scheduled ? primary : store}
            onPublish={publish}
            onDiscard={onDiscard}
          />
        </Suspense>
        {mayPublish && when && (
          <span className={cx(styles.when, impossible && styles.impossible)}>
            <button
              type="button"
              id={SCHEDULE_ID}
              className={styles.time}
              onPointerEnter={() => void loadPicker()}
              onClick={openPicker}
              aria-label={`Time: ${shownWhen}. Change it.`}
              title={model.check?.kind === 'ok' ? undefined : model.check?.message}
            >
              <CalendarClock aria-hidden />
              <span>
                {impossible && model.check?.kind === 'skipped' ? `${clock(when)} ?` : shownWhen}
              </span>
            </button>
            {!scheduled && (
              <IconButton
                size="sm"
                label="Take the time away"
                tipSide="top"
                onClick={() => setWhen(null)}
              >
                <X aria-hidden />
              </IconButton>
            )}
          </span>
        )}
        {mayPublish && !scheduled && !when && (
          <Button
            className={styles.wideOnly}
            icon={<Send aria-hidden />}
            disabled={blocked}
            busy={submitting && !picking}
            onClick={publish}
          >
            Publish now
          </Button>
        )}
        {!mayPublish ? (
          <Button variant="primary" disabled={blocked || model.blank} onClick={store}>
            Save draft
          </Button>
        ) : scheduled ? (
          <Button
            variant="primary"
            disabled={blocked || !model.dirty}
            busy={submitting}
            onClick={primary}
          >
            Save changes
          </Button>
        ) : when ? (
          <Button
            variant="primary"
            icon={<CalendarClock aria-hidden />}
            disabled={blocked}
            busy={submitting}
            onClick={primary}
          >
            Schedule
          </Button>
        ) : (
          <Button
            variant="primary"
            id={SCHEDULE_ID}
            icon={<CalendarClock aria-hidden />}
            disabled={blocked}
            onPointerEnter={() => {
              preloadDialog();
              void loadPicker();
            }}
            onClick={openPicker}
          >
            Schedule…
          </Button>
        )}
      </div>
      <Suspense fallback={null}>
        {picking && (
          <ScheduleDialog
            title={scheduled ? 'Change the time' : 'Schedule this post'}
            local={when}
            confirmLabel={scheduled ? 'Set time' : 'Schedule'}
            hint={(local) => (
              <Suspense fallback={null}>
                <QuotaHint model={model} local={local} />
              </Suspense>
            )}
            onClose={() => setPicking(false)}
            onConfirm={async (local) => {
              setWhen(local);
              if (scheduled) return;
              if (!(await model.schedule(local))) onProblems();
            }}
          />
        )}
      </Suspense>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title="Publish now?"
        confirmLabel="Publish now"
        onConfirm={() => run(model.publish)}
      >
        This goes out at once to {listNames(labels, 3)}.
      </ConfirmDialog>
    </div>
  );
}
