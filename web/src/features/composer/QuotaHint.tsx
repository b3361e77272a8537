import { checkSchedule } from '@/features/posts/schedule/schedule';
import { useNow } from '@/features/posts/useNow';
import { useComposerContext } from './context';
import { IssueNotes } from './IssueNotes';
import styles from './Issues.module.css';
import { issuesOf } from './problems';
import type { ComposerModel } from './useComposer';
import { usePreflight } from './usePreflight';

/** What accounts have used up around a time that is being chosen. */
export default function QuotaHint({ model, local }: { model: ComposerModel; local: string }) {
  const { draft, accounts } = useComposerContext();
  const check = checkSchedule(local, model.zone, useNow());
  const at = check.kind === 'ok' ? check.instant.toISOString() : null;
  const { report } = usePreflight(
    model.input,
    at,
    model.record?.id,
    accounts,
    at !== null && !model.blank && draft.accounts.length > 0,
  );
  const issues = report ? issuesOf(report, draft) : [];
  return (
    <div aria-live="polite" className={styles.hint}>
      <IssueNotes issues={issues.filter(({ code }) => code === 'quota_used_up')} />
    </div>
  );
}
