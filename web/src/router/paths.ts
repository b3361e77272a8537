/** Every address of the app and what its query string may hold. Words that begin with `$` stand for a value. */
import { oneOf, pageNumber, parseSearch, stringifySearch, text, type Raw } from './search';

const nothing = () => ({});

const filters = (raw: Raw) => ({
  status: text(raw, 'status'),
  accountId: text(raw, 'accountId'),
  platform: text(raw, 'platform'),
});

const SEARCH = {
  '/login': (raw: Raw) => ({ next: text(raw, 'next') }),
  '/signup': nothing,
  '/invite': (raw: Raw) => ({ token: text(raw, 'token') }),
  '/': nothing,
  '/posts': (raw: Raw) => ({
    ...filters(raw),
    search: text(raw, 'search'),
    page: pageNumber(raw),
  }),
  '/posts/$id': nothing,
  '/calendar': (raw: Raw) => ({
    ...filters(raw),
    view: oneOf(raw, 'view', ['month', 'week']),
    day: text(raw, 'day'),
  }),
  /** `at`: wall time "2026-11-22T09:00" to begin with; `accountId`: an account chosen already. */
  '/compose': (raw: Raw) => ({ at: text(raw, 'at'), accountId: text(raw, 'accountId') }),
  '/compose/$id': nothing,
  '/accounts': (raw: Raw) => ({
    connected: text(raw, 'connected'),
    connectError: text(raw, 'connectError'),
    message: text(raw, 'message'),
    connect: text(raw, 'connect'),
  }),
  /** Which of the pages, channels and profiles that a network offered are wanted. */
  '/accounts/choose/$id': nothing,
  '/media': (raw: Raw) => ({ search: text(raw, 'search'), page: pageNumber(raw) }),
  /** `q`: what is searched for. */
  '/networks': (raw: Raw) => ({ q: text(raw, 'q') }),
  '/networks/$id': (raw: Raw) => ({ q: text(raw, 'q') }),
  '/settings': nothing,
  '/settings/profile': nothing,
  '/settings/organization': nothing,
  '/settings/members': nothing,
  '/settings/tokens': nothing,
  '/settings/networks': nothing,
  '/settings/about': nothing,
} satisfies Record<string, (raw: Raw) => object>;

export type Path = keyof typeof SEARCH;
export type SearchOf<P extends Path> = Partial<ReturnType<(typeof SEARCH)[P]>>;
export type ParamsOf<P extends Path> = P extends `${string}$${infer Name}`
  ? Record<Name, string>
  : undefined;

/** Where to go: `{ to: '/posts/$id', params: { id } }`, `{ to: '/posts', search: { status: 'draft' } }`. */
export type To<P extends Path = Path> = P extends Path
  ? { to: P; search?: SearchOf<P>; hash?: string } & (ParamsOf<P> extends undefined
      ? { params?: undefined }
      : { params: ParamsOf<P> })
  : never;

/** Addresses without a value in them. */
export type PlainPath = { [P in Path]: ParamsOf<P> extends undefined ? P : never }[Path];

export interface Match {
  path: Path;
  params: Record<string, string>;
}

/** The address a pathname belongs to. Where two fit, the one written out goes before the one with a value. */
export function matchPath(pathname: string): Match | null {
  const words = pathname.replace(/\/+$/, '').split('/');
  let found: Match | null = null;
  for (const path of Object.keys(SEARCH) as Path[]) {
    const pattern = path.replace(/\/$/, '').split('/');
    if (pattern.length !== words.length) continue;
    const params: Record<string, string> = {};
    const fits = pattern.every((part, index) => {
      const word = words[index] ?? '';
      if (!part.startsWith('$')) return part === word;
      params[part.slice(1)] = decode(word);
      return word !== '';
    });
    if (fits && Object.keys(params).length === 0) return { path, params };
    if (fits) found = { path, params };
  }
  return found;
}

/** Somebody may have typed a broken escape; it then stands for itself. */
function decode(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

/** The address as text, for `href`. */
export function hrefOf({ to, params, search, hash }: To): string {
  const values: Record<string, string> = params ?? {};
  const pathname = to.replace(/\$(\w+)/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
  return pathname + (search ? stringifySearch(search) : '') + (hash ? `#${hash}` : '');
}

/** The query string as this address understands it. */
export function searchOf<P extends Path>(path: P, search: string): SearchOf<P> {
  return SEARCH[path](parseSearch(search)) as SearchOf<P>;
}
