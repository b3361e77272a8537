import type { Part, PartMedia, Post, TargetInput, TargetSettings } from '@/api/types';

/** A part while it is being written. `key` stays with it when parts move. */
export interface DraftPart {
  key: string;
  text: string;
  media: PartMedia[];
}

/** What the composer edits. */
export interface Draft {
  title: string;
  /** Chosen accounts, in the order of choosing. */
  accounts: string[];
  /** The text for all accounts that have none of their own. */
  parts: DraftPart[];
  /** Texts of their own, by account; kept while an account is not chosen, so that choosing it again brings them back. */
  overrides: Record<string, DraftPart[]>;
  /** Format and options, by account; kept like the texts. */
  settings: Record<string, TargetSettings>;
  /** Number of the next part's key. */
  nextKey: number;
}

/** Whose text is edited: everybody's, or that of one account. */
export type Variant = 'all' | (string & {});

export type DraftAction =
  | { type: 'title'; title: string }
  | { type: 'accounts'; accounts: string[] }
  | { type: 'text'; key: string; text: string }
  | { type: 'add'; after: string }
  | { type: 'split'; key: string; at: number }
  | { type: 'join'; key: string }
  | { type: 'remove'; key: string }
  | { type: 'move'; key: string; by: 1 | -1 }
  | { type: 'addMedia'; key: string; contentIds: string[] }
  | { type: 'removeMedia'; key: string; index: number }
  | { type: 'moveMedia'; key: string; from: number; to: number }
  | { type: 'altText'; key: string; index: number; altText: string }
  | { type: 'customise'; account: string }
  | { type: 'reset'; account: string }
  /** null: the format that fits the files. */
  | { type: 'format'; account: string; format: string | null }
  /** undefined: nothing is said. */
  | { type: 'option'; account: string; key: string; value: unknown }
  | { type: 'replace'; draft: Draft };

export function emptyDraft(accounts: string[] = []): Draft {
  return {
    title: '',
    accounts,
    parts: [{ key: 'p0', text: '', media: [] }],
    overrides: {},
    settings: {},
    nextKey: 1,
  };
}

/** Gives parts their keys, counting up from `from`. */
function keyed(parts: readonly Part[], from: number): DraftPart[] {
  const list = parts.length > 0 ? parts : [{ text: '', media: [] }];
  return list.map(({ text, media }, index) => ({ key: `p${from + index}`, text, media }));
}

export function draftOf(post: Pick<Post, 'title' | 'parts' | 'targets'>): Draft {
  const parts = keyed(post.parts, 0);
  let nextKey = parts.length;
  const overrides: Draft['overrides'] = {};
  for (const target of post.targets) {
    if (!target.override) continue;
    const own = keyed(target.override.parts, nextKey);
    overrides[target.socialAccountId] = own;
    nextKey += own.length;
  }
  const accounts = post.targets.map((target) => target.socialAccountId);
  const settings = Object.fromEntries(
    post.targets.map((target) => [target.socialAccountId, target.settings as TargetSettings]),
  );
  return { title: post.title ?? '', accounts, parts, overrides, settings, nextKey };
}

export interface DraftInput {
  title: string | null;
  parts: Part[];
  targets: TargetInput[];
}

const plain = (parts: DraftPart[]): Part[] => parts.map(({ text, media }) => ({ text, media }));

/** The draft as the API takes it. */
export function inputOf(draft: Draft): DraftInput {
  return {
    title: draft.title.trim() || null,
    parts: plain(draft.parts),
    targets: draft.accounts.map((id) => {
      const own = draft.overrides[id];
      return {
        socialAccountId: id,
        override: own ? { parts: plain(own) } : null,
        settings: draft.settings[id] ?? {},
      };
    }),
  };
}

/** The parts that an account gets, or those for all. */
export function partsOf(draft: Draft, variant: Variant): DraftPart[] {
  return draft.overrides[variant] ?? draft.parts;
}

/** Nothing in it that anybody would miss. */
export function isBlank(draft: Draft): boolean {
  const lists = [draft.parts, ...Object.values(draft.overrides)];
  const written = lists.flat().some((part) => part.text.trim() !== '' || part.media.length > 0);
  return !written && draft.title.trim() === '';
}

/** Every content the draft refers to. */
export function contentIds(draft: Draft): Set<string> {
  const parts = [draft.parts, ...Object.values(draft.overrides)].flat();
  return new Set(parts.flatMap((part) => part.media.map((media) => media.contentId)));
}

export function draftReducer(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case 'replace':
      return action.draft;
    case 'title':
      return { ...draft, title: action.title };
    case 'accounts':
      return { ...draft, accounts: action.accounts };
    case 'customise': {
      if (draft.overrides[action.account]) return draft;
      const own = keyed(draft.parts, draft.nextKey);
      return {
        ...draft,
        overrides: { ...draft.overrides, [action.account]: own },
        nextKey: draft.nextKey + own.length,
      };
    }
    case 'reset': {
      const others = Object.entries(draft.overrides).filter(([id]) => id !== action.account);
      return { ...draft, overrides: Object.fromEntries(others) };
    }
    case 'format': {
      const { options } = draft.settings[action.account] ?? {};
      return withSettings(draft, action.account, { format: action.format, options });
    }
    case 'option': {
      const { format, options } = draft.settings[action.account] ?? {};
      const others = Object.entries(options ?? {}).filter(([key]) => key !== action.key);
      const said = action.value === undefined ? [] : [[action.key, action.value] as const];
      return withSettings(draft, action.account, {
        format,
        options: Object.fromEntries([...others, ...said]),
      });
    }
    case 'add':
    case 'split': {
      const fresh = `p${draft.nextKey}`;
      const changed = inList(
        draft,
        action.type === 'add' ? action.after : action.key,
        (parts, at) => withNew(parts, at, fresh, action.type === 'split' ? action.at : null),
      );
      return { ...changed, nextKey: draft.nextKey + 1 };
    }
    case 'join':
      return inList(draft, action.key, joined);
    case 'remove':
      return inList(draft, action.key, (parts, at) =>
        parts.length > 1 ? parts.toSpliced(at, 1) : parts,
      );
    case 'move':
      return inList(draft, action.key, (parts, at) => moved(parts, at, at + action.by));
    default:
      return inList(draft, action.key, (parts, at) =>
        parts.map((part, index) => (index === at ? edited(part, action) : part)),
      );
  }
}

/** Without what says nothing, so that an emptied field reads like one that was never filled in. */
function withSettings(draft: Draft, account: string, settings: TargetSettings): Draft {
  const { format, options } = settings;
  const said: TargetSettings = {
    ...(format ? { format } : {}),
    ...(options && Object.keys(options).length > 0 ? { options } : {}),
  };
  return { ...draft, settings: { ...draft.settings, [account]: said } };
}

/** Changes the list that holds the part `key`, be it the common one or an account's. */
function inList(
  draft: Draft,
  key: string,
  change: (parts: DraftPart[], at: number) => DraftPart[],
): Draft {
  const at = (parts: DraftPart[]) => parts.findIndex((part) => part.key === key);
  if (at(draft.parts) >= 0) return { ...draft, parts: change(draft.parts, at(draft.parts)) };
  const owner = Object.entries(draft.overrides).find(([, parts]) => at(parts) >= 0);
  if (!owner) return draft;
  const [account, parts] = owner;
  return { ...draft, overrides: { ...draft.overrides, [account]: change(parts, at(parts)) } };
}

function withNew(parts: DraftPart[], at: number, key: string, cut: number | null): DraftPart[] {
  const part = parts[at];
  if (!part) return parts;
  const before = cut === null ? part : { ...part, text: part.text.slice(0, cut).trimEnd() };
  const after = { key, text: cut === null ? '' : part.text.slice(cut).trimStart(), media: [] };
  return parts.toSpliced(at, 1, before, after);
}

function joined(parts: DraftPart[], at: number): DraftPart[] {
  const [before, part] = [parts[at - 1], parts[at]];
  if (!before || !part) return parts;
  const text = [before.text.trimEnd(), part.text.trimStart()].filter(Boolean).join('\n\n');
  return parts.toSpliced(at - 1, 2, { ...before, text, media: [...before.media, ...part.media] });
}

/** The list with one item at another place; unchanged when there is no such place. */
function moved<T>(list: T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, item);
}

type PartAction = Extract<
  DraftAction,
  { type: 'text' | 'addMedia' | 'removeMedia' | 'moveMedia' | 'altText' }
>;

function edited(part: DraftPart, action: PartAction): DraftPart {
  switch (action.type) {
    case 'text':
      return { ...part, text: action.text };
    case 'addMedia': {
      const had = new Set(part.media.map((media) => media.contentId));
      const fresh = action.contentIds.filter((id) => !had.has(id));
      return { ...part, media: [...part.media, ...fresh.map((contentId) => ({ contentId }))] };
    }
    case 'removeMedia':
      return { ...part, media: part.media.toSpliced(action.index, 1) };
    case 'moveMedia':
      return { ...part, media: moved(part.media, action.from, action.to) };
    case 'altText':
      return {
        ...part,
        media: part.media.map((media, index) =>
          index === action.index ? { ...media, altText: action.altText } : media,
        ),
      };
  }
}
