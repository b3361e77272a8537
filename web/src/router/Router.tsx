import { useLayoutEffect, useState, useTransition, type ReactNode } from 'react';
import { BusyContext, PlaceContext } from './context';
import { onPlace, placeShown, presentPlace } from './history';
import { matchPath } from './paths';

/** Tells `children` where the browser is. A page that is still loading leaves the last one on the screen. */
export function Router({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(presentPlace);
  const [busy, startTransition] = useTransition();

  // A layout effect, so that a page that leads elsewhere at once is heard already.
  useLayoutEffect(
    () =>
      onPlace((next) => {
        const same = matchPath(next.pathname)?.path === matchPath(place.pathname)?.path;
        // Fields bound to the address must follow at once; another page may take its time to load.
        if (same) setPlace(next);
        else startTransition(() => setPlace(next));
      }),
    [place.pathname],
  );

  useLayoutEffect(() => {
    if (place.by === 'push') window.scrollTo(0, 0);
    if (place.by === 'back') window.scrollTo(0, place.scroll);
    placeShown();
  }, [place]);

  return (
    <PlaceContext value={place}>
      <BusyContext value={busy}>{children}</BusyContext>
    </PlaceContext>
  );
}
