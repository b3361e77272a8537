import type { Platform } from '@/api/types';
import { overflowStart } from '@/features/posts/text/count';
import { entities } from '@/features/posts/text/entities';
import { cx } from '@/ui/cx';
import styles from './HighlightedTextArea.module.css';
import type { Ruler } from './limits';

interface Piece {
  text: string;
  entity: boolean;
  over: boolean;
}

/** The text's entities, cut once more where it passes the limit. */
function pieces(text: string, platform: Platform, limit: number): Piece[] {
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

/** A text with its links, mentions and hashtags in colour, and what is too long for the strictest network marked. */
export default function HighlightedText({ text, rulers }: { text: string; rulers: Ruler[] }) {
  const overflows = rulers.map((ruler) => overflowStart(text, ruler.rules) ?? text.length);
  return pieces(text, rulers[0]?.platform ?? 'bluesky', Math.min(text.length, ...overflows)).map(
    (piece, index) => (
      <span key={index} className={cx(piece.entity && styles.entity, piece.over && styles.over)}>
        {piece.text}
      </span>
    ),
  );
}
