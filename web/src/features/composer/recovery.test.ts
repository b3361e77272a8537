import { describe, expect, it } from 'vitest';
import { emptyDraft } from './draft';
import { dropRecovery, readRecovery, recoveryKey, writeRecovery } from './recovery';

function memory() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

const copy = { draft: emptyDraft(), when: null, contents: [], version: null, at: 1 };

describe('the recovery copy', () => {
  it('comes back as it was, for the same person, organisation and post only', () => {
    const storage = memory();
    writeRecovery(storage, recoveryKey('ada', 'org', null), copy);
    expect(readRecovery(storage, recoveryKey('ada', 'org', null))).toEqual(copy);
    expect(readRecovery(storage, recoveryKey('bob', 'org', null))).toBeNull();
    expect(readRecovery(storage, recoveryKey('ada', 'org', 'post'))).toBeNull();
    dropRecovery(storage, recoveryKey('ada', 'org', null));
    expect(readRecovery(storage, recoveryKey('ada', 'org', null))).toBeNull();
  });

  it('that nobody understands is none', () => {
    const storage = memory();
    for (const text of ['{', 'null', '[]', '{"draft":{"parts":[]},"contents":[]}']) {
      storage.setItem('key', text);
      expect(readRecovery(storage, 'key')).toBeNull();
    }
  });

  it('does without a storage that refuses', () => {
    const full = {
      ...memory(),
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    };
    expect(() => writeRecovery(full, 'key', copy)).not.toThrow();
  });
});
