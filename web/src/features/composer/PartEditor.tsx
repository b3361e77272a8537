import { ImagePlus, Images } from 'lucide-react';
import { lazy, Suspense, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { FileDrop } from '@/features/media/FileDrop';
import { IconButton } from '@/ui/Button';
import { useComposerContext } from './context';
import type { DraftPart } from './draft';
import { HighlightedTextArea } from './HighlightedTextArea';
import { IssueNotes } from './IssueNotes';
import { readersOf, rulersOf, strictest } from './limits';
import { issuesAt, textId } from './problems';
import styles from './PartEditor.module.css';

const Counters = lazy(() => import('./Counters'));
const PartMenu = lazy(() => import('./PartMenu'));
const MediaStrip = lazy(() => import('./MediaStrip'));
const MediaPicker = lazy(async () => ({
  default: (await import('@/features/media/MediaPicker')).MediaPicker,
}));

interface PartEditorProps {
  part: DraftPart;
  index: number;
  count: number;
  /** Moves the focus to a part's text once it is there; `at` is where the caret goes. */
  onFocusPart: (index: number, at: 'start' | 'end') => void;
}

/** One part of a thread: its text, its files and what can be done with it. */
export function PartEditor({ part, index, count, onFocusPart }: PartEditorProps) {
  const { draft, dispatch, accounts, formatOf, uploads, issues, variant, learnContents } =
    useComposerContext();
  const [picking, setPicking] = useState(false);
  const caret = useRef(0);
  const readers = readersOf(variant, draft, accounts);
  const rulers = rulersOf(readers, formatOf);
  const formats = readers.flatMap((account) => formatOf(account) ?? []);
  const maxFiles = strictest(formats, (format) => format.media.max || null, 4);
  const threaded = count > 1;

  const split = () => {
    dispatch({ type: 'split', key: part.key, at: caret.current });
    onFocusPart(index + 1, 'start');
  };
  const join = () => {
    dispatch({ type: 'join', key: part.key });
    onFocusPart(index - 1, 'end');
  };
  const move = (by: 1 | -1) => {
    dispatch({ type: 'move', key: part.key, by });
    onFocusPart(index + by, 'end');
  };
  const remove = () => {
    dispatch({ type: 'remove', key: part.key });
    onFocusPart(Math.max(index - 1, 0), 'end');
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, shiftKey, altKey } = event;
    const mod = event.ctrlKey || event.metaKey;
    const act = (deed: () => void) => {
      event.preventDefault();
      deed();
    };
    if (key === 'Enter' && mod && shiftKey) {
      caret.current = event.currentTarget.selectionStart;
      act(split);
    } else if (key === 'Backspace' && threaded && part.text === '' && part.media.length === 0) {
      act(remove);
    } else if (altKey && shiftKey && key === 'ArrowUp' && index > 0) {
      act(() => move(-1));
    } else if (altKey && shiftKey && key === 'ArrowDown' && index < count - 1) {
      act(() => move(1));
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    uploads.add(part.key, files);
  };

  return (
    <FileDrop className={styles.drop} onFiles={(files) => uploads.add(part.key, files)}>
      {(browse) => (
        <div className={styles.part}>
          {threaded && (
            <span className={styles.rail} aria-hidden>
              <span className={styles.number}>{index + 1}</span>
            </span>
          )}
          <div className={styles.main}>
            <HighlightedTextArea
              id={textId(part.key)}
              className={styles.text}
              value={part.text}
              rulers={rulers}
              placeholder={index === 0 ? 'What do you want to say?' : 'And then…'}
              aria-label={threaded ? `Part ${index + 1} of ${count}` : 'Text of the post'}
              onChange={(event) =>
                dispatch({ type: 'text', key: part.key, text: event.target.value })
              }
              onSelect={(event) => {
                caret.current = event.currentTarget.selectionStart;
              }}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
            <Suspense fallback={null}>
              {(part.media.length > 0 || uploads.of(part.key).length > 0) && (
                <MediaStrip part={part} index={index} />
              )}
            </Suspense>
            <IssueNotes issues={issuesAt(issues, variant, index)} />
            <div className={styles.bar}>
              <IconButton size="sm" label="Upload files" tipAlign="start" onClick={browse}>
                <ImagePlus aria-hidden />
              </IconButton>
              <IconButton
                size="sm"
                label="From the library"
                tipAlign="start"
                onClick={() => setPicking(true)}
              >
                <Images aria-hidden />
              </IconButton>
              <Suspense fallback={null}>
                {(part.text !== '' || threaded) && (
                  <PartMenu
                    index={index}
                    count={count}
                    blank={part.text === ''}
                    onSplit={split}
                    onJoin={join}
                    onMove={move}
                    onRemove={remove}
                  />
                )}
              </Suspense>
              <span className={styles.spacer} />
              <Suspense fallback={null}>
                {rulers.length > 0 && <Counters text={part.text} rulers={rulers} />}
              </Suspense>
            </div>
          </div>
          <Suspense fallback={null}>
            {picking && (
              <MediaPicker
                open
                onOpenChange={setPicking}
                type={null}
                max={Math.max(maxFiles - part.media.length, 1)}
                onPick={(contents) => {
                  learnContents(contents);
                  const contentIds = contents.map((content) => content.id);
                  dispatch({ type: 'addMedia', key: part.key, contentIds });
                }}
              />
            )}
          </Suspense>
        </div>
      )}
    </FileDrop>
  );
}
