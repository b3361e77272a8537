import { CircleAlert, CircleCheck, RotateCw, X } from 'lucide-react';
import { formatBytes } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import styles from './UploadList.module.css';
import type { Upload } from './uploads';
import type { Uploads } from './useUploads';

const WORDS: Record<Upload['state'], string> = {
  waiting: 'Waiting',
  sending: 'Sending',
  done: 'In the library',
  failed: 'Failed',
};

function UploadRow({
  upload,
  remove,
  retry,
}: { upload: Upload } & Pick<Uploads, 'remove' | 'retry'>) {
  const { id, file, state, progress, message } = upload;
  const percent = Math.round(progress * 100);
  return (
    <li className={styles.row} data-state={state}>
      {state === 'done' && <CircleCheck className={styles.good} aria-hidden />}
      {state === 'failed' && <CircleAlert className={styles.bad} aria-hidden />}
      <div className={styles.text}>
        <p className={styles.name}>{file.name}</p>
        <p className={styles.note} role={state === 'failed' ? 'alert' : undefined}>
          {message ?? `${WORDS[state]} · ${formatBytes(file.size)}`}
          {state === 'sending' && ` · ${percent} %`}
        </p>
        {state === 'sending' && (
          <progress
            className={styles.bar}
            max={100}
            value={percent}
            aria-label={`Sending ${file.name}`}
          />
        )}
      </div>
      {state === 'failed' && (
        <IconButton
          size="sm"
          label={`Send ${file.name} again`}
          tipAlign="end"
          onClick={() => retry(id)}
        >
          <RotateCw aria-hidden />
        </IconButton>
      )}
      <IconButton
        size="sm"
        tipAlign="end"
        label={
          state === 'done' || state === 'failed' ? `Dismiss ${file.name}` : `Cancel ${file.name}`
        }
        onClick={() => remove(id)}
      >
        <X aria-hidden />
      </IconButton>
    </li>
  );
}

/** What is being uploaded, each file with its progress. Nothing when nothing is. */
export function UploadList({ uploads, remove, retry }: Uploads) {
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Uploads">
      {uploads.map((upload) => (
        <UploadRow key={upload.id} upload={upload} remove={remove} retry={retry} />
      ))}
    </ul>
  );
}
