import { createContext, use, useMemo } from 'react';
import { presentPlace, type Place } from './history';
import { matchPath, searchOf, type Path, type SearchOf } from './paths';

export const PlaceContext = createContext<Place>(presentPlace());

/** Whether the next page is still loading, while the last one is on the screen. */
export const BusyContext = createContext(false);

export function useBusy(): boolean {
  return use(BusyContext);
}

/** The address of the page on the screen. */
export function usePlace(): Place {
  return use(PlaceContext);
}

/** The query string of the page on the screen. */
export function useSearch<P extends Path>(path: P): SearchOf<P> {
  const { search } = usePlace();
  return useMemo(() => searchOf(path, search), [path, search]);
}

/** The `$id` in the address, if it has one. */
export function useIdParam(): string | undefined {
  return matchPath(usePlace().pathname)?.params['id'];
}
