import { Check, CloudOff } from 'lucide-react';
import { Spinner } from '@/ui/Spinner';
import styles from './ActionBar.module.css';
import type { ComposerModel } from './useComposer';

/** Whether what is written is safe with the server; `sending`: files are on their way, and nothing can go out. */
export function SaveStatus({ model, sending }: { model: ComposerModel; sending: boolean }) {
  const { save, dirty, blank, record } = model;
  if (sending) {
    return (
      <span className={styles.status} role="status">
        <Spinner size={14} /> Sending files…
      </span>
    );
  }
  if (save.kind === 'saving') {
    return (
      <span className={styles.status} role="status">
        <Spinner size={14} /> Saving…
      </span>
    );
  }
  if (save.kind === 'failed' && dirty) {
    return (
      <span className={styles.status} role="status" title={save.problem.message}>
        <CloudOff aria-hidden /> Not saved
      </span>
    );
  }
  if (blank && !record) return <span className={styles.status} role="status" />;
  return (
    <span className={styles.status} role="status">
      {dirty ? (
        'Unsaved changes'
      ) : (
        <>
          <Check aria-hidden /> Saved
        </>
      )}
    </span>
  );
}
