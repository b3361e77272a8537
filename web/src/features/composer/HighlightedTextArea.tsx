import { lazy, Suspense, type TextareaHTMLAttributes } from 'react';
import { cx } from '@/ui/cx';
import styles from './HighlightedTextArea.module.css';
import type { Ruler } from './limits';

const HighlightedText = lazy(() => import('./HighlightedText'));

export interface HighlightedTextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  value: string;
  /** The rules of the networks that get the text. */
  rulers: Ruler[];
}

/**
 * A plain textarea whose text is painted by a copy beneath it, with links, mentions and hashtags in colour. To keyboard,
 * screen reader and spell checker it is a textarea like any other; the copy also makes it grow with its text.
 */
export function HighlightedTextArea({ rulers, className, ...rest }: HighlightedTextAreaProps) {
  return (
    <div className={cx(styles.box, className)}>
      <div className={styles.copy} aria-hidden dir="auto">
        <Suspense fallback={rest.value}>
          <HighlightedText text={rest.value} rulers={rulers} />
        </Suspense>
        {'\u200b'}
      </div>
      <textarea {...rest} className={styles.area} dir="auto" spellCheck />
    </div>
  );
}
