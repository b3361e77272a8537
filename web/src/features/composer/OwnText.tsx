import { PencilLine, Undo2 } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { SocialAccount } from '@/api/types';
import { Thumbnail } from '@/features/media/Thumbnail';
import { count } from '@/lib/format';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { useNames } from '@/ui/networks';
import { Spinner } from '@/ui/Spinner';
import { useComposerContext } from './context';
import type { DraftPart } from './draft';
import { fingerprint } from './saver';
import { ThreadEditor } from './ThreadEditor';
import styles from './OwnText.module.css';

/** The tab of one account: the common text until it gets its own. */
export default function OwnText({ account }: { account: SocialAccount }) {
  const { draft, dispatch } = useComposerContext();
  const [resetting, setResetting] = useState(false);
  const own = draft.overrides[account.id];
  const name = useNames().account(account);

  if (!own) {
    return (
      <div className={styles.common}>
        <div className={styles.text}>
          {draft.parts.map((part) => (
            <Fragment key={part.key}>
              {(part.text || part.media.length === 0) && <p>{part.text || '…'}</p>}
              <Files part={part} />
            </Fragment>
          ))}
        </div>
        <div className={styles.offer}>
          <p>{name} gets the text of “All networks”.</p>
          <Button
            size="sm"
            icon={<PencilLine aria-hidden />}
            onClick={() => dispatch({ type: 'customise', account: account.id })}
          >
            Customise
          </Button>
        </div>
      </div>
    );
  }

  const plain = (parts: typeof own) =>
    fingerprint({
      title: null,
      parts: parts.map(({ text, media }) => ({ text, media })),
      targets: [],
    });
  const reset = () => dispatch({ type: 'reset', account: account.id });
  return (
    <>
      <div className={styles.banner}>
        <p>{name} has a text of its own.</p>
        <Button
          size="sm"
          variant="ghost"
          icon={<Undo2 aria-hidden />}
          onClick={() => (plain(own) === plain(draft.parts) ? reset() : setResetting(true))}
        >
          Use the common text
        </Button>
      </div>
      <ThreadEditor />
      <ConfirmDialog
        open={resetting}
        onOpenChange={setResetting}
        title="Use the common text again?"
        confirmLabel="Use the common text"
        danger
        onConfirm={async () => reset()}
      >
        What was written for {name} alone is discarded.
      </ConfirmDialog>
    </>
  );
}

/** A part's files in small, and those that are still on their way. */
function Files({ part }: { part: DraftPart }) {
  const { contents, uploads } = useComposerContext();
  const coming = uploads.of(part.key);
  const failed = coming.filter((upload) => upload.state === 'failed').length;
  const sending = coming.length - failed;
  if (part.media.length === 0 && coming.length === 0) return null;
  return (
    <div className={styles.files}>
      {part.media.map(({ contentId }) => (
        <span key={contentId} className={styles.file}>
          {contents[contentId] && <Thumbnail content={contents[contentId]} />}
        </span>
      ))}
      {sending > 0 && (
        <span className={styles.coming} role="status">
          <Spinner size={14} /> Sending {count(sending, 'file')}…
        </span>
      )}
      {failed > 0 && (
        <span className={styles.failed} role="status">
          {count(failed, 'file')} did not arrive; see “All networks”.
        </span>
      )}
    </div>
  );
}
