import type { Content } from '@/api/types';
import type { Draft } from './draft';

/** What is being written, kept in this browser until the server has it. */
export interface Recovery {
  draft: Draft;
  /** Wall time chosen for publishing. */
  when: string | null;
  contents: Content[];
  /** Version of the post that the writing began from; null for a new one. */
  version: number | null;
  /** Milliseconds since the epoch. */
  at: number;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A copy belongs to one person in one organisation and one post. */
export function recoveryKey(person: string, organization: string, post: string | null): string {
  return `allin.compose.${organization}.${person}.${post ?? 'new'}`;
}

export function readRecovery(storage: Storage, key: string): Recovery | null {
  try {
    const found: unknown = JSON.parse(storage.getItem(key) ?? 'null');
    if (!isRecovery(found)) return null;
    // Copies from before posts had settings have none.
    const settings = (found.draft as Partial<Draft>).settings ?? {};
    return { ...found, draft: { ...found.draft, settings } };
  } catch {
    return null;
  }
}

/** Storage may be full or forbidden; writing goes on without a copy then. */
export function writeRecovery(storage: Storage, key: string, recovery: Recovery): void {
  try {
    storage.setItem(key, JSON.stringify(recovery));
  } catch {
    // Nothing to be done, and the draft is still saved to the server.
  }
}

export function dropRecovery(storage: Storage, key: string): void {
  try {
    storage.removeItem(key);
  } catch {
    // As above.
  }
}

/** Copies may stem from an older version of this program. */
function isRecovery(value: unknown): value is Recovery {
  const recovery = value as Partial<Recovery> | null;
  return (
    Array.isArray(recovery?.draft?.parts) &&
    recovery.draft.parts.length > 0 &&
    Array.isArray(recovery.draft.accounts) &&
    typeof recovery.draft.overrides === 'object' &&
    typeof recovery.draft.nextKey === 'number' &&
    Array.isArray(recovery.contents)
  );
}
