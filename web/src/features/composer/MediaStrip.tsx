import { ChevronLeft, ChevronRight, CircleAlert, RotateCw, X } from 'lucide-react';
import { lazy, Suspense, useState, type DragEvent } from 'react';
import { Thumbnail } from '@/features/media/Thumbnail';
import type { Upload } from '@/features/media/uploads';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { useComposerContext } from './context';
import type { DraftPart } from './draft';
import { issuesAt, mediaId } from './problems';
import styles from './MediaStrip.module.css';

const AltTextDialog = lazy(() => import('./AltTextDialog'));

const DRAG_TYPE = 'application/x-allin-media';

/** A part's files in their order: described, moved, removed here. Dragging is an extra to the order buttons. */
export default function MediaStrip({ part, index: partIndex }: { part: DraftPart; index: number }) {
  const { contents, dispatch, uploads, issues, variant } = useComposerContext();
  const [describing, setDescribing] = useState<number | null>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<number | null>(null);
  const sending = uploads.of(part.key);

  const move = (from: number, to: number) =>
    dispatch({ type: 'moveMedia', key: part.key, from, to });
  const endDrag = () => {
    setDragged(null);
    setTarget(null);
  };
  const dropOn = (index: number) => ({
    onDragOver: (event: DragEvent) => {
      if (dragged === null) return;
      event.preventDefault();
      setTarget(index);
    },
    onDrop: (event: DragEvent) => {
      if (dragged === null) return;
      event.preventDefault();
      move(dragged, index);
      endDrag();
    },
  });

  return (
    <>
      <ul className={styles.strip} aria-label="Files">
        {part.media.map((media, index) => {
          const content = contents[media.contentId];
          const name = content?.title ?? 'File';
          const described = Boolean((media.altText ?? content?.altText ?? '').trim());
          const found = issuesAt(issues, variant, partIndex, index);
          const worst = found.find((issue) => issue.severity === 'error');
          return (
            // Dragging is an extra: the buttons inside do the same.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
            <li
              key={media.contentId}
              className={cx(
                styles.tile,
                dragged === index && styles.dragged,
                target === index && dragged !== index && styles.target,
                worst && styles.bad,
              )}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.setData(DRAG_TYPE, String(index));
                event.dataTransfer.effectAllowed = 'move';
                setDragged(index);
              }}
              onDragEnd={endDrag}
              {...dropOn(index)}
            >
              {content ? <Thumbnail content={content} /> : <span className={styles.gone} />}
              {content?.type === 'document' || content?.type === 'caption' ? (
                <span id={mediaId(part.key, index)} className={styles.title} tabIndex={-1}>
                  {name}
                </span>
              ) : (
                <button
                  type="button"
                  id={mediaId(part.key, index)}
                  className={cx(styles.alt, !described && styles.missing)}
                  aria-label={`ALT: ${described ? 'change' : 'add'} the description of ${name}`}
                  onClick={() => setDescribing(index)}
                >
                  {described ? 'ALT' : '+ ALT'}
                </button>
              )}
              <span className={styles.tools}>
                {index > 0 && (
                  <IconButton
                    size="sm"
                    label={`Move ${name} forward`}
                    className={styles.tool}
                    onClick={() => move(index, index - 1)}
                  >
                    <ChevronLeft aria-hidden />
                  </IconButton>
                )}
                {index < part.media.length - 1 && (
                  <IconButton
                    size="sm"
                    label={`Move ${name} back`}
                    className={styles.tool}
                    onClick={() => move(index, index + 1)}
                  >
                    <ChevronRight aria-hidden />
                  </IconButton>
                )}
                <IconButton
                  size="sm"
                  label={`Remove ${name}`}
                  className={styles.tool}
                  onClick={() => dispatch({ type: 'removeMedia', key: part.key, index })}
                >
                  <X aria-hidden />
                </IconButton>
              </span>
              {worst && (
                <span className={styles.flag} title={worst.message}>
                  <CircleAlert aria-hidden />
                </span>
              )}
            </li>
          );
        })}
        {sending.map((upload) => (
          <UploadTile key={upload.id} upload={upload} />
        ))}
      </ul>
      <Suspense fallback={null}>
        {describing !== null && part.media[describing] && (
          <AltTextDialog
            part={part}
            index={describing}
            onIndex={setDescribing}
            onClose={() => setDescribing(null)}
          />
        )}
      </Suspense>
    </>
  );
}

/** The server looks into what has arrived, which takes it a moment for a long film. */
function sendingWords(state: Upload['state'], progress: number): string {
  if (state === 'waiting') return 'Waiting';
  return progress < 1 ? `${Math.round(progress * 100)} %` : 'Checking…';
}

function UploadTile({ upload }: { upload: Upload }) {
  const { uploads } = useComposerContext();
  const { id, file, state, progress, message } = upload;
  return (
    <li className={cx(styles.tile, styles.sending, state === 'failed' && styles.bad)}>
      {state === 'failed' ? (
        <p className={styles.failed} role="alert" title={message}>
          <CircleAlert aria-hidden />
          <span>{message}</span>
        </p>
      ) : (
        <div className={styles.progress}>
          <progress max={1} value={progress} aria-label={`Sending ${file.name}`} />
          <span>{sendingWords(state, progress)}</span>
        </div>
      )}
      <span className={cx(styles.tools, styles.always)}>
        {state === 'failed' && (
          <IconButton
            size="sm"
            label={`Send ${file.name} again`}
            className={styles.tool}
            onClick={() => uploads.retry(id)}
          >
            <RotateCw aria-hidden />
          </IconButton>
        )}
        <IconButton
          size="sm"
          label={state === 'failed' ? `Dismiss ${file.name}` : `Cancel ${file.name}`}
          className={styles.tool}
          onClick={() => uploads.remove(id)}
        >
          <X aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}
