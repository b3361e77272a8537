/** What a network takes, in words: from the descriptor that posts are checked against, to what people read. */
import type { Format, Network, OptionField } from '@/api/types';
import { count, formatBytes } from '@/lib/format';

const COUNTED: Record<Format['text']['counting'], string | null> = {
  graphemes: null,
  code_points: null,
  utf16: 'Most emoji count as two',
  bytes: 'Counted in bytes: an accent takes two, an emoji four or more',
  mastodon: 'The server in a mention does not count',
  weighted: 'Latin letters count one; emoji, Chinese, Japanese and Korean two',
};

/** Media types and codecs whose capitals are not what people know them by. */
const TYPE_NAMES: Record<string, string> = {
  'audio/mpeg': 'MP3',
  quicktime: 'MOV',
  h264: 'H.264',
  mpeg4: 'MPEG-4',
  prores: 'ProRes',
  opus: 'Opus',
  vorbis: 'Vorbis',
  pcm_s16le: 'PCM',
  plain: 'plain text',
  subrip: 'SRT',
  'ttml+xml': 'TTML',
  msword: 'DOC',
  'vnd.ms-powerpoint': 'PPT',
  'vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
  'vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
};

function types(list: readonly string[]): string {
  const names = list
    .filter((type) => type !== 'application/octet-stream')
    .map((type) => {
      const name = type.replace(/^.*\/(x-)?/, '');
      return TYPE_NAMES[type] ?? TYPE_NAMES[name] ?? name.toUpperCase();
    });
  return [...new Set(names)].join(', ');
}

/** "45 s", "10 min", "24 h", "7 days". */
export function duration(seconds: number): string {
  const units = [
    [86_400, ' days'],
    [3600, ' h'],
    [60, ' min'],
  ] as const;
  for (const [unit, name] of units) {
    if (seconds > unit && seconds % unit === 0) return `${seconds / unit}${name}`;
  }
  return seconds === 86_400 ? '24 h' : `${seconds} s`;
}

/** "4:5", "16:9", "1.91:1" of width divided by height. */
export function shape(ratio: number): string {
  for (let height = 1; height <= 16; height += 1) {
    const width = Math.round(ratio * height);
    if (width > 0 && width <= 32 && Math.abs(ratio * height - width) < 0.006) {
      return `${width}:${height}`;
    }
  }
  const short = (value: number) => Number(value.toFixed(2));
  return ratio < 1 ? `1:${short(1 / ratio)}` : `${short(ratio)}:1`;
}

function shapes(aspect: { min: number; max: number } | null | undefined): string | null {
  if (!aspect) return null;
  const [narrow, wide] = [shape(aspect.min), shape(aspect.max)];
  return narrow === wide ? `Shape ${narrow}` : `Shapes from ${narrow} to ${wide}`;
}

function pixels(rules: { minSide: number; maxSide: number }): string {
  const most = `up to ${rules.maxSide.toLocaleString('en')} pixels a side`;
  return rules.minSide > 1 ? `From ${rules.minSide} ${most}` : `U${most.slice(1)}`;
}

type Lines = (string | false | null | undefined | 0)[];

function textLines({ text }: Format): Lines {
  if (text.maxCharacters === 0) return [];
  const most = text.maxCharacters.toLocaleString('en');
  return [
    `Up to ${most} ${text.counting === 'bytes' ? 'bytes' : 'characters'}`,
    COUNTED[text.counting],
    text.urlLength && `Every link counts ${text.urlLength}`,
    text.maxBytes && text.counting !== 'bytes' && `At most ${formatBytes(text.maxBytes)}`,
    text.maxHashtags && `Up to ${count(text.maxHashtags, 'hashtag')}`,
    text.maxMentions && `Up to ${count(text.maxMentions, 'mention')}`,
    text.maxLinks && `Up to ${count(text.maxLinks, 'link')}`,
  ];
}

function fileLines({ media }: Format): Lines {
  if (media.max === 0) return [];
  const both = media.images && media.videos;
  const number =
    media.min === media.max ? count(media.max, 'file') : `${media.min} to ${media.max} files`;
  const alt = media.maxAltCharacters;
  return [
    media.min === 0 ? `Up to ${count(media.max, 'file')}` : number,
    media.videos && media.max > 1 && `At most ${count(media.maxVideos, 'video')} among them`,
    both && media.max > 1 && !media.mixed && 'Images and videos not in one post',
    alt && `Alt text up to ${alt.toLocaleString('en')} characters`,
  ];
}

function imageLines({ media: { images } }: Format): Lines {
  if (!images) return [];
  return [
    types(images.types),
    `Up to ${formatBytes(images.maxBytes)}`,
    pixels(images),
    shapes(images.aspect),
  ];
}

function videoLines({ media: { videos } }: Format): Lines {
  if (!videos) return [];
  return [
    types(videos.types),
    `${types(videos.videoCodecs)} with ${types(videos.audioCodecs)} sound`,
    `${duration(videos.minSeconds)} to ${duration(videos.maxSeconds)}`,
    `Up to ${formatBytes(videos.maxBytes)}`,
    `${pixels(videos)}, ${videos.maxFrameRate} frames a second`,
    shapes(videos.aspect),
  ];
}

function asItIsLines(files: Format['media']['documents']): Lines {
  return files ? [types(files.types), `Up to ${formatBytes(files.maxBytes)}`] : [];
}

/** What a format takes: a label, and a line for each thing to know. What it does not take is left out. */
export function formatFacts(format: Format): [label: string, lines: string[]][] {
  const facts: [string, Lines][] = [
    ['Text', textLines(format)],
    ['Thread', [format.maxParts > 1 && `Up to ${format.maxParts} posts`]],
    ['Files', fileLines(format)],
    ['Images', imageLines(format)],
    ['Videos', videoLines(format)],
    ['Sound', asItIsLines(format.media.audio)],
    ['Documents', asItIsLines(format.media.documents)],
  ];
  return facts.flatMap(([label, lines]): [string, string[]][] => {
    const said = lines.filter((line): line is string => Boolean(line));
    return said.length > 0 ? [[label, said]] : [];
  });
}

/** What an option takes. */
export function optionTakes({ kind }: OptionField): string {
  switch (kind.kind) {
    case 'text':
      return `Text, up to ${count(kind.maxCharacters, 'character')}`;
    case 'choice':
      return kind.choices.map(({ label }) => label).join(', ');
    case 'lookup':
      return 'One of the account’s own';
    case 'switch':
      return kind.default ? 'Yes or no; yes, unless you say no' : 'Yes or no';
    case 'list':
      return `Up to ${count(kind.maxItems, 'entry', 'entries')}`;
    case 'poll':
      return `${kind.minChoices} to ${kind.maxChoices} answers of up to ${kind.maxCharacters} characters`;
    case 'image':
      return 'An image of the library';
    case 'file':
      return `A file of the library: ${types(kind.rules.types)}`;
    case 'link':
      return 'An address';
  }
}

export interface OptionRow {
  option: OptionField;
  /** The names of the formats that have it. */
  formats: string[];
}

/** Each option once, although several formats may have it. */
export function optionRows(formats: readonly Format[]): OptionRow[] {
  const rows = new Map<string, OptionRow>();
  for (const format of formats) {
    for (const option of format.options) {
      const id = JSON.stringify([option.key, option.label, option.required, option.kind]);
      const row = rows.get(id) ?? { option, formats: [] };
      row.formats.push(format.name);
      rows.set(id, row);
    }
  }
  return [...rows.values()];
}

/** "100 posts in 24 h". */
export function quotaWords({ limit, counts, windowSeconds }: Network['quotas'][number]): string {
  return `${limit.toLocaleString('en')} ${counts} in ${duration(windowSeconds)}`;
}

export const FEATURES: [keyof Network['features'], label: string][] = [
  ['threads', 'Threads'],
  ['altText', 'Alt text'],
  ['mentions', 'Mentions'],
  ['hashtags', 'Hashtags'],
  ['delete', 'Take down a post'],
  ['insights', 'Numbers'],
  ['comments', 'Comments'],
];

/** How an account is connected, in a sentence or two. */
export function connectWords({ name, connect }: Network): string {
  const way =
    connect.kind === 'app_password'
      ? 'With a password made for AllIN alone.'
      : `On a page of ${name}, where you agree.`;
  switch (connect.app) {
    case 'operator':
      return `${way} ${name} lets AllIN in through a developer app that your organisation or the server’s operator registers once.`;
    case 'automatic':
      return `${way} AllIN introduces itself to each server; nothing has to be registered.`;
    case 'none':
      return `${way} Nothing has to be registered.`;
  }
}
