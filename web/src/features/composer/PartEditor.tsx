import {
  ArrowDown,
  ArrowUp,
  Combine,
  Ellipsis,
  ImagePlus,
  Images,
  Scissors,
  Trash2,
} from 'lucide-react';
import { lazy, Suspense, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { FileDrop } from '@/features/media/FileDrop';
import { overflowStart } from '@/features/posts/text/count';
import { MOD } from '@/lib/shortcuts';
import { IconButton } from '@/ui/Button';
import { Menu } from '@/ui/Menu';
import { useComposerContext } from './context';
import { Counters } from './Counters';
import type { DraftPart } from './draft';
import { HighlightedTextArea } from './HighlightedTextArea';
import { IssueNotes } from './Issues';
import { readersOf, rulersOf, strictest } from './limits';
import { MediaStrip } from './MediaStrip';
import { issuesAt, textId } from './problems';
import styles from './PartEditor.module.css';

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

/** One part of a thread: its text, its images and what can be done with it. */
export function PartEditor({ part, index, count, onFocusPart }: PartEditorProps) {
  const { draft, dispatch, accounts, uploads, issues, variant, learnContents } =
    useComposerContext();
  const [picking, setPicking] = useState(false);
  const caret = useRef(0);
  const readers = readersOf(variant, draft, accounts);
  const rulers = rulersOf(readers);
  const overflows = rulers
    .map((ruler) => overflowStart(part.text, ruler.limits))
    .filter((at) => at !== null);
  const maxImages = strictest(readers, (limits) => limits.maxImages, 4);
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
              platform={readers[0]?.platform ?? 'bluesky'}
              overflow={overflows.length > 0 ? Math.min(...overflows) : null}
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
            <MediaStrip part={part} index={index} />
            <IssueNotes issues={issuesAt(issues, variant, index)} />
            <div className={styles.bar}>
              <IconButton size="sm" label="Upload images" tipAlign="start" onClick={browse}>
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
              <Menu
                align="start"
                trigger={
                  <IconButton size="sm" label="More for this part" tipAlign="start">
                    <Ellipsis aria-hidden />
                  </IconButton>
                }
                items={[
                  {
                    label: 'Split at the cursor',
                    icon: <Scissors aria-hidden />,
                    note: `${MOD} ⇧ ↵`,
                    disabled: part.text === '',
                    onSelect: split,
                  },
                  threaded &&
                    index > 0 && {
                      label: 'Join with the part above',
                      icon: <Combine aria-hidden />,
                      onSelect: join,
                    },
                  threaded && 'separator',
                  threaded && {
                    label: 'Move up',
                    icon: <ArrowUp aria-hidden />,
                    note: 'Alt ⇧ ↑',
                    disabled: index === 0,
                    onSelect: () => move(-1),
                  },
                  threaded && {
                    label: 'Move down',
                    icon: <ArrowDown aria-hidden />,
                    note: 'Alt ⇧ ↓',
                    disabled: index === count - 1,
                    onSelect: () => move(1),
                  },
                  threaded && 'separator',
                  threaded && {
                    label: 'Remove this part',
                    icon: <Trash2 aria-hidden />,
                    danger: true,
                    onSelect: remove,
                  },
                ]}
              />
              <span className={styles.spacer} />
              <Counters text={part.text} rulers={rulers} />
            </div>
          </div>
          <Suspense fallback={null}>
            {picking && (
              <MediaPicker
                open
                onOpenChange={setPicking}
                max={Math.max(maxImages - part.media.length, 1)}
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
