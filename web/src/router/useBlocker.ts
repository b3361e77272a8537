import { useEffect, useEffectEvent, useState } from 'react';
import { setGuard, type Place } from './history';

/** Someone wanted to leave and was stopped. */
export interface Blocked {
  stay: () => void;
  leave: () => void;
}

/** Asks `mayLeave` before the page is left, and returns what was stopped. Closing the window is asked by the browser, while `unsaved`. */
export function useBlocker({
  mayLeave,
  unsaved,
}: {
  mayLeave: (next: Place) => Promise<boolean>;
  unsaved: () => boolean;
}): Blocked | null {
  const [blocked, setBlocked] = useState<Blocked | null>(null);
  const ask = useEffectEvent(mayLeave);
  const isUnsaved = useEffectEvent(unsaved);

  useEffect(() => {
    setGuard(async (next, proceed) => {
      if (await ask(next)) return true;
      const stay = () => setBlocked(null);
      setBlocked({
        stay,
        leave: () => {
          stay();
          proceed();
        },
      });
      return false;
    });
    const onClose = (event: BeforeUnloadEvent) => {
      if (isUnsaved()) event.preventDefault();
    };
    window.addEventListener('beforeunload', onClose);
    return () => {
      setGuard(null);
      window.removeEventListener('beforeunload', onClose);
    };
  }, []);
  return blocked;
}
