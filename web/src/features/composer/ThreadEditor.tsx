import { Plus } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '@/ui/Button';
import { useComposerContext } from './context';
import { partsOf } from './draft';
import { PartEditor } from './PartEditor';
import { textId } from './problems';
import styles from './ThreadEditor.module.css';

/** All parts of the text that is edited at the moment, one below the other. */
export function ThreadEditor() {
  const { draft, dispatch, variant } = useComposerContext();
  const parts = partsOf(draft, variant);
  const wanted = useRef<{ index: number; at: 'start' | 'end' } | null>(null);

  // A part may be asked for before it is drawn.
  useEffect(() => {
    if (!wanted.current) return;
    const { index, at } = wanted.current;
    wanted.current = null;
    const element = document.getElementById(textId(parts[index]?.key ?? ''));
    if (!(element instanceof HTMLTextAreaElement)) return;
    element.focus();
    const caret = at === 'start' ? 0 : element.value.length;
    element.setSelectionRange(caret, caret);
  }, [parts]);

  const last = parts.at(-1);
  return (
    <>
      <div>
        {parts.map((part, index) => (
          <PartEditor
            key={part.key}
            part={part}
            index={index}
            count={parts.length}
            onFocusPart={(to, at) => {
              wanted.current = { index: to, at };
            }}
          />
        ))}
      </div>
      <div className={styles.foot}>
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus aria-hidden />}
          onClick={() => {
            if (!last) return;
            wanted.current = { index: parts.length, at: 'end' };
            dispatch({ type: 'add', after: last.key });
          }}
        >
          Add to the thread
        </Button>
      </div>
    </>
  );
}
