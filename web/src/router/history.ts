/** Where the browser is, how to go elsewhere, and who may object. The screens use `navigate`, `Link` and `useBlocker`. */
import { hrefOf, type To } from './paths';

export interface Place {
  pathname: string;
  /** With its question mark, or empty. */
  search: string;
  /** Pathname and search. */
  href: string;
  /** How the browser came here. */
  by: 'start' | 'push' | 'replace' | 'back';
  /** Pixels the page was scrolled down when it was left, for `back`. */
  scroll: number;
}

/** Whether the present page may be left for `next`. One that says no may call `proceed` later. */
export type Guard = (next: Place, proceed: () => void) => Promise<boolean>;

let listener: (place: Place) => void = () => {};
let guard: Guard | null = null;
/** Number of the present entry in the browser's history; tells back from forward. */
let index = indexOf(history.state) ?? 0;
/** The address the pages were last told of. */
let here = presentPlace().href;
/** How far each entry was scrolled when it was left. */
const scrolls = new Map<number, number>();
const waiting: (() => void)[] = [];
/** What the next `popstate` is: the person's, our own way back to a guarded page, or the way on that the guard allowed. */
let pop: 'theirs' | 'return' | 'proceed' = 'theirs';

function indexOf(state: unknown): number | undefined {
  return (state as { index?: number } | null)?.index;
}

function placeOf(href: string, by: Place['by'], scroll = 0): Place {
  const { pathname, search } = new URL(href, window.location.origin);
  return { pathname, search, href: pathname + search, by, scroll };
}

/** Where the browser is now. */
export function presentPlace(): Place {
  return placeOf(window.location.href, 'start');
}

/** The one who draws the pages; hears of every new place. */
export function onPlace(heard: (place: Place) => void): () => void {
  listener = heard;
  return () => {
    listener = () => {};
  };
}

/** The new place is on the screen. */
export function placeShown(): void {
  waiting.splice(0).forEach((resolve) => resolve());
}

function tell(place: Place): void {
  here = place.href;
  listener(place);
}

export function setGuard(next: Guard | null): void {
  guard = next;
}

function enter(href: string, replace: boolean): Promise<void> {
  scrolls.set(index, window.scrollY);
  if (replace) {
    history.replaceState({ index }, '', href);
  } else {
    index += 1;
    history.pushState({ index }, '', href);
  }
  tell(placeOf(href, replace ? 'replace' : 'push'));
  return new Promise((resolve) => waiting.push(resolve));
}

/** Goes to an address of this app. Resolves once its page is shown, or at once when something keeps the person here. */
export async function navigateHref(href: string, { replace = false } = {}): Promise<void> {
  const proceed = () => void enter(href, replace);
  if (guard && !(await guard(placeOf(href, 'push'), proceed))) return;
  await enter(href, replace);
}

export function navigate({ replace, ...to }: To & { replace?: boolean }): Promise<void> {
  return navigateHref(hrefOf(to as To), { replace });
}

async function onPopState(): Promise<void> {
  const to = indexOf(history.state);
  if (to === undefined) {
    // A jump inside the page, such as to #main, made an entry of its own.
    index += 1;
    history.replaceState({ index }, '');
    return;
  }
  const next = placeOf(window.location.href, 'back', scrolls.get(to));
  if (pop === 'return') {
    pop = 'theirs';
    return;
  }
  const allowed = pop === 'proceed';
  pop = 'theirs';
  const distance = to - index;
  if (guard && !allowed && next.href !== here) {
    // The browser has moved already. Back, until it is clear that the page may be left.
    pop = 'return';
    history.go(-distance);
    const proceed = () => {
      pop = 'proceed';
      history.go(distance);
    };
    const returned = new Promise((resolve) =>
      window.addEventListener('popstate', resolve, { once: true }),
    );
    const may = await guard(next, proceed);
    await returned;
    if (may) proceed();
    return;
  }
  scrolls.set(index, window.scrollY);
  index = to;
  tell(next);
}

history.replaceState({ index }, '');
// The pages are drawn after the browser would have scrolled; a reload is its own business.
history.scrollRestoration = 'manual';
window.addEventListener('pagehide', () => (history.scrollRestoration = 'auto'));
window.addEventListener('popstate', () => void onPopState());
