import { useState } from 'react';
import { Thumbnail } from '@/features/media/Thumbnail';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field, TextArea } from '@/ui/Field';
import { useComposerContext } from './context';
import type { DraftPart } from './draft';
import { readersOf, strictest } from './limits';
import styles from './AltTextDialog.module.css';

/** What networks take when none is chosen yet. */
const USUAL_LIMIT = 1500;

interface AltTextDialogProps {
  part: DraftPart;
  index: number;
  /** Goes on to another file of the part. */
  onIndex: (index: number) => void;
  onClose: () => void;
}

/** The description of one image or video, for people who cannot see it. */
export default function AltTextDialog(props: AltTextDialogProps) {
  const { part, index, onIndex, onClose } = props;
  const { contents, dispatch, draft, accounts, formatOf, variant } = useComposerContext();
  const media = part.media[index];
  const content = media && contents[media.contentId];
  const [edits, setEdits] = useState<Record<number, string>>({});
  const text = edits[index] ?? media?.altText ?? content?.altText ?? '';
  const limit = strictest(
    readersOf(variant, draft, accounts).flatMap((account) => formatOf(account) ?? []),
    (format) => format.media.maxAltCharacters,
    USUAL_LIMIT,
  );
  const length = [...text].length;
  const last = index >= part.media.length - 1;

  const keep = () => {
    for (const [at, altText] of Object.entries(edits)) {
      dispatch({ type: 'altText', key: part.key, index: Number(at), altText: altText.trim() });
    }
    setEdits({});
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="md"
      title={content?.type === 'video' ? 'Describe this video' : 'Describe this image'}
      description={part.media.length > 1 ? `File ${index + 1} of ${part.media.length}` : undefined}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {!last && (
            <Button
              onClick={() => {
                keep();
                onIndex(index + 1);
              }}
            >
              Save, next file
            </Button>
          )}
          <Button
            variant="primary"
            onClick={() => {
              keep();
              onClose();
            }}
          >
            Save
          </Button>
        </>
      }
    >
      <div className={styles.picture}>
        {content && <Thumbnail content={content} fit="contain" />}
      </div>
      <Field
        label="Description"
        optional
        aside={
          <span className={styles.count} data-over={length > limit || undefined}>
            {length} / {limit}
          </span>
        }
        error={length > limit ? `Please shorten it by ${length - limit}.` : undefined}
        hint="Say what matters in the picture, as you would on the phone. Text in the picture belongs here too."
      >
        <TextArea
          grow
          rows={3}
          value={text}
          onChange={(event) => setEdits({ ...edits, [index]: event.target.value })}
        />
      </Field>
    </Dialog>
  );
}
