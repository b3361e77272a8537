/** How posts look on each network, as data: `Preview` draws any of them. An approximation, and deliberately so. */

export interface PreviewColours {
  ground: string;
  ink: string;
  /** Handles, times, actions. */
  dim: string;
  /** Links, mentions, hashtags. */
  entity: string;
  edge: string;
}

export type PreviewAction =
  'reply' | 'repost' | 'like' | 'heart' | 'star' | 'share' | 'send' | 'save' | 'more' | 'views';

export interface PreviewLayout {
  /** Where the author's picture stands: beside everything else, in the author's row, or over the picture. */
  author: 'beside' | 'row' | 'over';
  /** From top to bottom. Where the author is beside, their names stand in the place of `author`. */
  order: ('author' | 'text' | 'media' | 'actions')[];
  /** What is said about the author: both names, one after the other or below each other, or one of them. */
  names: 'inline' | 'stacked' | 'display' | 'handle';
  square?: boolean;
  /** Several files: up to four at once, or one after the other. */
  media: 'grid' | 'carousel';
  /** Width to height of the files; their own, within reason, when left out. */
  ratio?: number;
  /** Letters after which "… more" hides the rest. */
  cut?: number;
  actions: PreviewAction[];
  /** Words beside the actions. */
  worded?: boolean;
  light: PreviewColours;
  dark: PreviewColours;
}

const PLAIN: Pick<PreviewLayout, 'light' | 'dark'> = {
  light: { ground: '#ffffff', ink: '#14171a', dim: '#5b6770', entity: '#0b65c2', edge: '#dfe3e6' },
  dark: { ground: '#15181b', ink: '#f2f4f5', dim: '#a3adb5', entity: '#6cb2ff', edge: '#31373c' },
};

/** Like any network's post: what one looks like that is not described below. */
const USUAL: PreviewLayout = {
  ...PLAIN,
  author: 'row',
  order: ['author', 'text', 'media', 'actions'],
  names: 'stacked',
  media: 'grid',
  actions: ['like', 'reply', 'repost', 'share'],
};

const LAYOUTS: Record<string, PreviewLayout> = {
  bluesky: {
    ...USUAL,
    author: 'beside',
    names: 'inline',
    actions: ['reply', 'repost', 'heart', 'share', 'more'],
    light: { ...PLAIN.light, ink: '#0b0f14', dim: '#42576c', entity: '#0868ce', edge: '#d4dbe2' },
    dark: { ground: '#0d141c', ink: '#f1f3f5', dim: '#aab8c7', entity: '#4ea4ff', edge: '#2a3644' },
  },
  mastodon: {
    ...USUAL,
    square: true,
    actions: ['reply', 'repost', 'star', 'save', 'more'],
    light: { ...PLAIN.light, ink: '#1f1b2e', dim: '#5d5a72', entity: '#4b36d8', edge: '#dcd9ea' },
    dark: { ground: '#181821', ink: '#ffffff', dim: '#a6a8c4', entity: '#a5a6ff', edge: '#333346' },
  },
  x: {
    ...USUAL,
    author: 'beside',
    names: 'inline',
    actions: ['reply', 'repost', 'heart', 'views', 'save', 'share'],
    light: { ...PLAIN.light, ink: '#0f1419', dim: '#536471', entity: '#0f6fb8', edge: '#dbe3e8' },
    dark: { ground: '#000000', ink: '#e7e9ea', dim: '#8b9299', entity: '#4cb0f7', edge: '#2f3336' },
  },
  threads: {
    ...USUAL,
    author: 'beside',
    names: 'handle',
    media: 'carousel',
    actions: ['heart', 'reply', 'repost', 'send'],
    light: { ...PLAIN.light, ink: '#000000', dim: '#6b6b6b', entity: '#0a5fd0', edge: '#e0e0e0' },
    dark: { ground: '#101010', ink: '#f3f5f7', dim: '#9a9a9a', entity: '#7db5ff', edge: '#333638' },
  },
  instagram: {
    ...USUAL,
    order: ['author', 'media', 'actions', 'text'],
    names: 'handle',
    media: 'carousel',
    ratio: 4 / 5,
    cut: 125,
    actions: ['heart', 'reply', 'send', 'save'],
    light: { ...PLAIN.light, ink: '#000000', dim: '#6b6b6b', entity: '#00376b', edge: '#dbdbdb' },
    dark: { ground: '#000000', ink: '#f5f5f5', dim: '#a8a8a8', entity: '#b9d8ff', edge: '#2b2b2b' },
  },
  facebook: {
    ...USUAL,
    names: 'display',
    cut: 480,
    actions: ['like', 'reply', 'share'],
    worded: true,
    light: { ...PLAIN.light, ink: '#080809', dim: '#606770', entity: '#0a5ac4', edge: '#dadde1' },
    dark: { ground: '#242526', ink: '#e4e6eb', dim: '#b0b3b8', entity: '#6aa9ff', edge: '#3e4042' },
  },
  linkedin: {
    ...USUAL,
    names: 'display',
    cut: 210,
    actions: ['like', 'reply', 'repost', 'send'],
    worded: true,
    light: { ...PLAIN.light, ink: '#1c1c1c', dim: '#5e5e5e', entity: '#0a66c2', edge: '#dfdeda' },
    dark: { ground: '#1b1f23', ink: '#e9e9ea', dim: '#a9abad', entity: '#71b7fb', edge: '#38434f' },
  },
  pinterest: {
    ...USUAL,
    order: ['media', 'text', 'author'],
    names: 'display',
    media: 'carousel',
    ratio: 2 / 3,
    actions: [],
  },
  youtube: {
    ...USUAL,
    order: ['media', 'author', 'actions', 'text'],
    names: 'display',
    media: 'carousel',
    ratio: 16 / 9,
    cut: 160,
    actions: ['like', 'share', 'save'],
    worded: true,
    light: { ...PLAIN.light, ink: '#0f0f0f', dim: '#606060', entity: '#065fd4', edge: '#e5e5e5' },
    dark: { ground: '#0f0f0f', ink: '#f1f1f1', dim: '#aaaaaa', entity: '#3ea6ff', edge: '#303030' },
  },
  tiktok: {
    ...USUAL,
    author: 'over',
    names: 'handle',
    media: 'carousel',
    cut: 90,
    actions: ['heart', 'reply', 'save', 'share'],
  },
};

/** Formats that fill a phone's screen, on whichever network. */
const UPRIGHT = new Set(['reel', 'story', 'short']);

/** How a post of a format (`reel`, `story` …) looks on a network. */
export function layoutOf(platform: string, format?: string): PreviewLayout {
  const layout = LAYOUTS[platform] ?? USUAL;
  return format && UPRIGHT.has(format) ? { ...layout, author: 'over', cut: 90 } : layout;
}
