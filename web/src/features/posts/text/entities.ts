import type { Platform } from '@/api/types';

/** A piece of a text, as a network draws it. The pieces of a text put together are the text. */
export interface Entity {
  kind: 'text' | 'link' | 'mention' | 'hashtag';
  text: string;
  /** What stands after a mention's name (`@server`): Mastodon neither counts nor shows it. */
  server?: string;
}

interface Found extends Entity {
  start: number;
}

const INNER = String.raw`[^\s<>()?]`;
const BRACKET = String.raw`\(${INNER}*(?:\(${INNER}*\)${INNER}*)?\)`;
const PATH_END = String.raw`(?:[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]|${BRACKET})`;
const QUERY = String.raw`(?:[A-Za-z0-9!?*'();:&=+$\/%#\[\]\-_.,~|@^]|[^\x00-\x9F\s])*(?:[A-Za-z0-9_&=#\/\-]|[^\x00-\x9F\s])`;
const HOST = String.raw`(?:[\p{L}\p{N}][\p{L}\p{N}_\-]*\.)+(?:xn--[A-Za-z0-9\-]+|\p{L}{2,})(?::\d+)?`;
const NAME = String.raw`[A-Za-z0-9_]+(?:[.\-]+[A-Za-z0-9_]+)*`;
const WORD = String.raw`[\p{L}\p{M}\p{N}\p{Pc}]`;

/** As Mastodon's server counts: docs.joinmastodon.org/user/posting/#characters (state of August 2026). */
const MASTODON = new RegExp(
  [
    String.raw`(?<![A-Za-z0-9@＠$#＃])(?<link>(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini):\/\/${HOST}(?:\/(?:(?:${INNER}|${BRACKET})*${PATH_END})?)?(?:\?${QUERY})?)`,
    String.raw`(?<![=\/\p{L}\p{M}\p{N}\p{Pc}])(?<mention>@${NAME})(?<server>@${WORD}+(?:[.\-]+${WORD}+)*)?`,
    String.raw`(?<![\p{L}\p{N}_\/)&])(?<hashtag>[#＃][\p{L}\p{M}\p{N}_]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*)`,
  ].join('|'),
  'giu',
);

/** As Bluesky's own app makes facets: docs.bsky.app/docs/advanced-guides/post-richtext (state of August 2026). */
const BLUESKY = new RegExp(
  [
    String.raw`(?<=^|[\s(])(?<link>https?:\/\/\S+)`,
    String.raw`(?<=^|[\s(])(?<bare>(?<domain>[A-Za-z][A-Za-z0-9\-]*(?:\.[A-Za-z0-9\-]+)+)(?:[\/:?#]\S*|[.,;!?)]*))(?=$|\s)`,
    String.raw`(?<=^|[\s(])(?<mention>@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)`,
    String.raw`(?<=^|[\s(])(?<hashtag>[#＃][^\u20E2\s\u00AD\u2060\u200A-\u200D]+)`,
  ].join('|'),
  'giu',
);

/**
 * The longer top-level domains people write without a scheme. The server knows all of them; here it only decides what
 * the preview paints blue. Two letters are always a country.
 */
const LONG_ENDS = new Set(
  'com org net edu gov info app dev blog news shop site online tech social cloud page wiki design studio agency world live art museum coop team email pub test'.split(
    ' ',
  ),
);

function isDomain(name: string): boolean {
  const end = name.split('.').pop()?.toLowerCase() ?? '';
  return /^[a-z]{2}$/.test(end) || LONG_ENDS.has(end);
}

/** A link ends before one final punctuation mark, and before a bracket that it did not open. */
function blueskyLink(raw: string): string {
  const link = raw.replace(/[.,;:!?]$/, '');
  return link.includes('(') ? link : link.replace(/\)$/, '');
}

function mastodonEntity({ groups = {}, index }: RegExpMatchArray): Found | null {
  const start = index ?? 0;
  const { link, mention, server, hashtag } = groups;
  if (link) return { kind: 'link', text: link, start };
  if (mention) return { kind: 'mention', text: mention + (server ?? ''), server, start };
  return hashtag ? { kind: 'hashtag', text: hashtag, start } : null;
}

function blueskyEntity({ groups = {}, index }: RegExpMatchArray): Found | null {
  const start = index ?? 0;
  const { link, bare, domain, mention, hashtag } = groups;
  if (link) {
    const text = blueskyLink(link);
    return /^https?:\/\/[^/.]+\.[^/]/i.test(text) ? { kind: 'link', text, start } : null;
  }
  if (bare) return isDomain(domain ?? '') ? { kind: 'link', text: blueskyLink(bare), start } : null;
  if (mention) {
    const text = mention.replace(/-+$/, '');
    return isDomain(text) ? { kind: 'mention', text, start } : null;
  }
  const text = hashtag?.replace(/\p{P}+$/u, '');
  // `#1` is a number and `#️⃣` a symbol.
  return text && /[^\d\s\p{P}\uFE0F]/u.test(text.slice(1)) && text[1] !== '\uFE0F'
    ? { kind: 'hashtag', text, start }
    : null;
}

/** The text cut into plain pieces, links, mentions and hashtags, by the network's rules. */
export function entities(text: string, platform: Platform): Entity[] {
  const [pattern, read] =
    platform === 'mastodon' ? [MASTODON, mastodonEntity] : [BLUESKY, blueskyEntity];
  const pieces: Entity[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const found = read(match);
    if (!found || found.start < at) continue;
    const { start, ...entity } = found;
    if (start > at) pieces.push({ kind: 'text', text: text.slice(at, start) });
    pieces.push(entity);
    at = start + entity.text.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}
