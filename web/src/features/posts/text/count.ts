import type { TextRules } from '@/api/types';
import { entities } from './entities';

export type CountingRule = Pick<TextRules, 'counting' | 'maxCharacters' | 'maxBytes' | 'urlLength'>;

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader takes for one character: "👩‍👩‍👧" is one. */
export function graphemes(text: string): number {
  // Plain ASCII is nearly everything people type, and needs no segmenting.
  if (/^[\x20-\x7e\n]*$/.test(text)) return text.length;
  return Array.from(segmenter.segment(text)).length;
}

/** Bytes of the text in UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Code points that count one where everything else counts two: twitter-text, configuration v3. */
const LIGHT: readonly (readonly [number, number])[] = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
];

/** X's weighted count: each link 23, an emoji two however many code points it has. */
function weighted(text: string): number {
  const linkless = text.normalize('NFC').replace(/https?:\/\/[^\s]+/g, 'x'.repeat(23));
  let weight = 0;
  for (const { segment } of segmenter.segment(linkless)) {
    if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment)) {
      weight += 2;
      continue;
    }
    for (const character of segment) {
      const point = character.codePointAt(0) ?? 0;
      weight += LIGHT.some(([from, to]) => point >= from && point <= to) ? 1 : 2;
    }
  }
  return weight;
}

/** Characters of a text as the network counts them. Space at its ends is not published and does not count. */
export function countCharacters(text: string, rule: CountingRule): number {
  const trimmed = text.trim();
  switch (rule.counting) {
    case 'mastodon':
      break;
    case 'weighted':
      return weighted(trimmed);
    case 'code_points':
      return Array.from(trimmed).length;
    case 'utf16':
      return trimmed.length;
    case 'bytes':
      return byteLength(trimmed);
    case 'graphemes':
      return graphemes(trimmed);
  }
  const counted = entities(trimmed, 'mastodon').map((entity) => {
    if (entity.kind === 'link' && rule.urlLength !== null) return 'x'.repeat(rule.urlLength);
    return entity.server ? entity.text.slice(0, -entity.server.length) : entity.text;
  });
  return graphemes(counted.join(''));
}

export interface Measure {
  characters: number;
  limit: number;
  /** Negative when there are too many. */
  remaining: number;
  /** Bytes beyond the network's limit, when the characters alone would fit. */
  bytesOver: number;
}

export function measure(text: string, rule: CountingRule): Measure {
  const characters = countCharacters(text, rule);
  const fits = characters <= rule.maxCharacters;
  const bytesOver =
    rule.maxBytes !== null && fits ? Math.max(byteLength(text) - rule.maxBytes, 0) : 0;
  return {
    characters,
    limit: rule.maxCharacters,
    remaining: rule.maxCharacters - characters,
    bytesOver,
  };
}

/** Where the text passes the limit, as an index into the string; null while it fits. */
export function overflowStart(text: string, rule: CountingRule): number | null {
  if (countCharacters(text, rule) <= rule.maxCharacters) return null;
  const starts = Array.from(segmenter.segment(text), ({ index }) => index);
  // The longest beginning that still fits; a longer text hardly ever counts as less.
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const beginning = text.slice(0, starts[middle]);
    if (countCharacters(beginning, rule) <= rule.maxCharacters) low = middle;
    else high = middle - 1;
  }
  return starts[low] ?? 0;
}
