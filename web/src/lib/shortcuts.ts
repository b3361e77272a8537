import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

/**
 * Keyboard shortcuts: a single key ("n"), two in a row ("g c"), or one with Ctrl or Cmd ("mod+k"). They rest while someone types
 * and while a dialog is open; "mod+…" works always.
 */
export interface Shortcut {
  keys: string;
  /** What it does, for the help dialog. */
  label: string;
  group: string;
}

interface Entry extends Shortcut {
  run: () => void;
}

/** Milliseconds to wait for the second key. */
const SEQUENCE_PAUSE = 1000;

let entries: readonly Entry[] = [];
const listeners = new Set<() => void>();
let pending: { key: string; at: number } | null = null;

function set(next: readonly Entry[]): void {
  entries = next;
  listeners.forEach((listener) => listener());
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const run = (keys: string) => {
    // The newest entry wins, so a page may take over a key of the shell.
    const entry = entries.findLast((candidate) => candidate.keys === keys);
    if (!entry) return false;
    event.preventDefault();
    entry.run();
    return true;
  };

  if (mod) {
    run(`mod+${key}`);
    return;
  }
  const modalOpen = document.querySelector('[data-scrim]') !== null;
  if (isTyping(event.target) || modalOpen) return;
  const first = pending;
  pending = null;
  if (first && event.timeStamp - first.at < SEQUENCE_PAUSE && run(`${first.key} ${key}`)) return;
  if (run(key)) return;
  if (entries.some((entry) => entry.keys.startsWith(`${key} `))) {
    pending = { key, at: event.timeStamp };
  }
}

/** Binds a shortcut while the component is mounted and `enabled`. */
export function useShortcut(
  keys: string,
  run: () => void,
  {
    label,
    group = 'This page',
    enabled = true,
  }: { label: string; group?: string; enabled?: boolean },
): void {
  const latest = useEffectEvent(run);
  useEffect(() => {
    if (!enabled) return;
    const entry: Entry = { keys, label, group, run: () => latest() };
    if (entries.length === 0) window.addEventListener('keydown', onKeyDown);
    set([...entries, entry]);
    return () => {
      set(entries.filter((other) => other !== entry));
      if (entries.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [keys, label, group, enabled]);
}

/** All shortcuts bound at the moment, for the help dialog. */
export function useShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );
}

/** "mod" as this keyboard calls it. */
export const MOD = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '') ? '⌘' : 'Ctrl';
