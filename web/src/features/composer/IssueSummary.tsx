import { count, listNames } from '@/lib/format';
import { useNames } from '@/ui/networks';
import { useComposerContext } from './context';
import { SeverityIcon } from './IssueNotes';
import styles from './Issues.module.css';
import { readersOf } from './limits';
import type { Issue } from './problems';

/** Where a problem is, in words: "Part 2 · file 1 · Ada on Bluesky". */
function usePlace() {
  const names = useNames();
  const { draft, accounts } = useComposerContext();
  return (issue: Issue): string => {
    const parts = draft.overrides[issue.variant] ?? draft.parts;
    const labels = issue.accounts.flatMap((id) => {
      const account = accounts.find((item) => item.id === id);
      return account ? names.account(account) : [];
    });
    const readers = readersOf(issue.variant, draft, accounts);
    const shared = labels.length > 1 && labels.length === readers.length;
    return [
      issue.part !== null && parts.length > 1 && `Part ${issue.part + 1}`,
      issue.mediaIndex !== null && `File ${issue.mediaIndex + 1}`,
      shared ? 'All networks' : listNames(labels),
    ]
      .filter(Boolean)
      .join(' · ');
  };
}

/** Everything that stands in the way, each line leading to its cause. */
export default function IssueSummary({
  id,
  issues,
  onOpen,
}: {
  id: string;
  issues: Issue[];
  onOpen: (issue: Issue) => void;
}) {
  const place = usePlace();
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  const hints = issues.length - errors;
  return (
    <section id={id} className={styles.summary} tabIndex={-1} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className={styles.title}>
        {errors > 0
          ? `${count(errors, 'thing')} to fix before this can go out`
          : `${count(hints, 'hint')}`}
      </h2>
      <ul>
        {issues.map((issue) => (
          <li
            key={`${issue.variant} ${issue.code} ${issue.part} ${issue.mediaIndex} ${issue.message}`}
          >
            <button type="button" className={styles.line} onClick={() => onOpen(issue)}>
              <SeverityIcon severity={issue.severity} />
              <span className={styles.words}>
                <span>{issue.message}</span>
                {place(issue) && <span className={styles.place}>{place(issue)}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
