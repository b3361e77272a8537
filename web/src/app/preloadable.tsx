import { lazy, useState, type ComponentType } from 'react';

/** A component whose code is a file of its own. */
export interface Preloadable<Props extends object> {
  Component: ComponentType<Props>;
  /** Fetches the code ahead of time. */
  load: () => Promise<unknown>;
}

/**
 * Like `lazy`, but what is loaded already is shown at once. `lazy` alone would show the fallback for a moment, and React
 * leaves a fallback on the screen for 300 ms.
 */
export function preloadable<Props extends object>(
  file: () => Promise<{ default: ComponentType<Props> }>,
): Preloadable<Props> {
  let loaded: ComponentType<Props> | null = null;
  const load = async () => {
    const module = await file();
    loaded = module.default;
    return module;
  };
  const Late = lazy(load);
  function Component(props: Props) {
    // Once shown, it stays the same one: another would begin with nothing typed.
    const [Shown] = useState<ComponentType<Props>>(() => loaded ?? Late);
    return <Shown {...props} />;
  }
  return { Component, load };
}
