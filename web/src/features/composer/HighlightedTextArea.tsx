import type { TextareaHTMLAttributes } from 'react';
import type { Platform } from '@/api/types';
import { entities } from '@/features/posts/text/entities';
import { cx } from '@/ui/cx';
import styles from './HighlightedTextArea.module.css';

interface Piece {
  text: string;
  entity: boolean;
  over: boolean;
}

/** The text's entities, cut once more where it passes the limit. */
function pieces(text: string, platform: Platform, overflow: number | null): Piece[] {
  const limit = overflow ?? text.length;
  let at = 0;
  return entities(text, platform).flatMap(({ text: piece, kind }) => {
    const cut = Math.min(Math.max(limit - at, 0), piece.length);
    at += piece.length;
    const halves = [
      { text: piece.slice(0, cut), over: false },
      { text: piece.slice(cut), over: true },
    ];
    return halves
      .filter((half) => half.text !== '')
      .map((half) => ({ ...half, entity: kind !== 'text' }));
  });
}

export interface HighlightedTextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  value: string;
  platform: Platform;
  /** Where the text becomes too long; null while it fits. */
  overflow: number | null;
}

/**
 * A plain textarea whose text is painted by a copy beneath it, with links, mentions and hashtags in colour. To keyboard,
 * screen reader and spell checker it is a textarea like any other; the copy also makes it grow with its text.
 */
export function HighlightedTextArea({
  platform,
  overflow,
  className,
  ...rest
}: HighlightedTextAreaProps) {
  return (
    <div className={cx(styles.box, className)}>
      <div className={styles.copy} aria-hidden dir="auto">
        {pieces(rest.value, platform, overflow).map((piece, index) => (
          <span
            key={index}
            className={cx(piece.entity && styles.entity, piece.over && styles.over)}
          >
            {piece.text}
          </span>
        ))}
        {'\u200b'}
      </div>
      <textarea {...rest} className={styles.area} dir="auto" spellCheck />
    </div>
  );
}
