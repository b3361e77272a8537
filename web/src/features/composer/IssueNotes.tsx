import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { Issue } from './problems';
import styles from './Issues.module.css';

export function SeverityIcon({ severity }: { severity: Issue['severity'] }) {
  return severity === 'error' ? (
    <CircleAlert className={styles.error} aria-label="Problem:" />
  ) : (
    <TriangleAlert className={styles.warning} aria-label="Hint:" />
  );
}

/** Problems beside their cause. */
export function IssueNotes({ issues }: { issues: Issue[] }) {
  if (issues.length === 0) return null;
  return (
    <ul className={styles.notes}>
      {issues.map((issue) => (
        <li key={`${issue.code} ${issue.message}`} className={styles.note}>
          <SeverityIcon severity={issue.severity} />
          <span>{issue.message}</span>
        </li>
      ))}
    </ul>
  );
}
