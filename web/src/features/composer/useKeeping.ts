import { useEffect, useEffectEvent } from 'react';
import { useDebounced } from '@/lib/useDebounced';
import { useBlocker } from '@/router/useBlocker';
import { useMe } from '@/session/useMe';
import { contentIds } from './draft';
import { dropRecovery, recoveryKey, writeRecovery } from './recovery';
import type { ComposerModel } from './useComposer';

/** Milliseconds without typing after which a draft is saved, and after which the browser's copy is renewed. */
const SAVE_PAUSE = 1500;
const COPY_PAUSE = 250;

/** Saves drafts by themselves a moment after the last change. A save that failed is tried again with the next change. */
export function useAutosave(model: ComposerModel, enabled: boolean): void {
  const { input, edited, save } = model;
  const settled = useDebounced(input, SAVE_PAUSE);
  const conflict = save.kind === 'failed' && save.problem.code === 'VERSION_CONFLICT';
  const store = useEffectEvent(() => {
    // The state says why it failed; nothing is lost, the browser keeps a copy.
    if (enabled && edited && !conflict && !model.submitting) model.store().catch(() => undefined);
  });
  useEffect(() => store(), [settled]);
}

/** Keeps a copy of unsaved work in this browser, so that a crash of the tab loses nothing. */
export function useRecoveryCopy(model: ComposerModel): void {
  const { user, organization } = useMe();
  const { draft, when, dirty, contents, saver, finished } = model;
  const copy = useDebounced(draft, COPY_PAUSE);
  const keep = useEffectEvent(() => {
    if (finished.current) return;
    // The saver knows of a post that was created a moment ago, the last render may not: its copy would be that of a new
    // post, which nobody drops any more, and come back into the next new one.
    const key = recoveryKey(user.id, organization.id, saver.post?.id ?? null);
    if (!dirty) {
      dropRecovery(localStorage, key);
      return;
    }
    const used = contentIds(draft);
    writeRecovery(localStorage, key, {
      draft,
      when,
      contents: Object.values(contents).filter((content) => used.has(content.id)),
      version: saver.post?.version ?? null,
      at: Date.now(),
    });
  });
  useEffect(() => keep(), [copy, when, dirty]);
  useEffect(() => {
    window.addEventListener('pagehide', keep);
    return () => window.removeEventListener('pagehide', keep);
  }, []);
}

/** Asks before unsaved work is left. Drafts are saved on the way out without asking. */
export function useLeaveGuard(model: ComposerModel, busy: boolean) {
  return useBlocker({
    unsaved: () => (model.dirty || busy) && !model.finished.current,
    mayLeave: async (next) => {
      if (model.finished.current) return true;
      // The new post got its address; nobody leaves.
      if (next.pathname === `/compose/${model.saver.post?.id}`) return true;
      if (busy) return false;
      if (!model.dirty) return true;
      if (!model.autosaved) return false;
      try {
        await model.store();
        return true;
      } catch {
        return false;
      }
    },
  });
}
