import { PencilLine, Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { SocialAccount } from '@/api/types';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { useNames } from '@/ui/networks';
import { useComposerContext } from './context';
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
            <p key={part.key}>{part.text || '…'}</p>
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
