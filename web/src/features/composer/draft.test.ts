import { describe, expect, it } from 'vitest';
import { draftOf, draftReducer, emptyDraft, inputOf, isBlank, partsOf, type Draft } from './draft';

function texts(draft: Draft, variant = 'all'): string[] {
  return partsOf(draft, variant).map((part) => part.text);
}

function thread(...parts: string[]): Draft {
  return draftOf({ title: null, parts: parts.map((text) => ({ text, media: [] })), targets: [] });
}

const key = (draft: Draft, index: number, variant = 'all') =>
  partsOf(draft, variant)[index]?.key ?? '';

describe('a thread', () => {
  it('is cut at the caret, without the space around the cut', () => {
    const draft = thread('one two', 'three');
    const cut = draftReducer(draft, { type: 'split', key: key(draft, 0), at: 3 });
    expect(texts(cut)).toEqual(['one', 'two', 'three']);
    expect(new Set(cut.parts.map((part) => part.key)).size).toBe(3);
  });

  it('keeps the media with the first half and joins it back', () => {
    let draft = thread('one two');
    draft = draftReducer(draft, { type: 'addMedia', key: key(draft, 0), contentIds: ['a'] });
    draft = draftReducer(draft, { type: 'split', key: key(draft, 0), at: 3 });
    expect(draft.parts.map((part) => part.media.length)).toEqual([1, 0]);
    draft = draftReducer(draft, { type: 'join', key: key(draft, 1) });
    expect(texts(draft)).toEqual(['one\n\ntwo']);
    expect(draft.parts[0]?.media).toEqual([{ contentId: 'a' }]);
  });

  it('moves parts within its ends and never loses the last one', () => {
    let draft = thread('a', 'b');
    draft = draftReducer(draft, { type: 'move', key: key(draft, 0), by: -1 });
    expect(texts(draft)).toEqual(['a', 'b']);
    draft = draftReducer(draft, { type: 'move', key: key(draft, 0), by: 1 });
    expect(texts(draft)).toEqual(['b', 'a']);
    draft = draftReducer(draft, { type: 'remove', key: key(draft, 0) });
    draft = draftReducer(draft, { type: 'remove', key: key(draft, 0) });
    expect(texts(draft)).toEqual(['a']);
  });
});

describe('an override', () => {
  it('starts as the common text, then goes its own way', () => {
    let draft = { ...thread('hello'), accounts: ['x', 'y'] };
    draft = draftReducer(draft, { type: 'customise', account: 'x' });
    draft = draftReducer(draft, { type: 'text', key: key(draft, 0, 'x'), text: 'hello X' });
    draft = draftReducer(draft, { type: 'text', key: key(draft, 0), text: 'hello all' });
    expect([texts(draft), texts(draft, 'x'), texts(draft, 'y')]).toEqual([
      ['hello all'],
      ['hello X'],
      ['hello all'],
    ]);
    expect(inputOf(draft).targets).toEqual([
      {
        socialAccountId: 'x',
        override: { parts: [{ text: 'hello X', media: [] }] },
        settings: {},
      },
      { socialAccountId: 'y', override: null, settings: {} },
    ]);
    draft = draftReducer(draft, { type: 'reset', account: 'x' });
    expect(texts(draft, 'x')).toEqual(['hello all']);
  });

  it('survives that its account is not chosen for a while, but is not sent', () => {
    let draft = { ...thread('hello'), accounts: ['x'] };
    draft = draftReducer(draft, { type: 'customise', account: 'x' });
    draft = draftReducer(draft, { type: 'accounts', accounts: [] });
    expect(inputOf(draft).targets).toEqual([]);
    draft = draftReducer(draft, { type: 'accounts', accounts: ['x'] });
    expect(inputOf(draft).targets[0]?.override).not.toBeNull();
  });
});

describe('media', () => {
  it('are ordered, described and not added twice', () => {
    let draft = emptyDraft();
    const part = key(draft, 0);
    draft = draftReducer(draft, { type: 'addMedia', key: part, contentIds: ['a', 'b'] });
    draft = draftReducer(draft, { type: 'addMedia', key: part, contentIds: ['b', 'c'] });
    draft = draftReducer(draft, { type: 'moveMedia', key: part, from: 2, to: 0 });
    draft = draftReducer(draft, { type: 'altText', key: part, index: 0, altText: 'A cat' });
    draft = draftReducer(draft, { type: 'removeMedia', key: part, index: 1 });
    expect(draft.parts[0]?.media).toEqual([
      { contentId: 'c', altText: 'A cat' },
      { contentId: 'b' },
    ]);
  });
});

describe('isBlank', () => {
  it('looks at the text, the media and the title, not at the accounts', () => {
    expect(isBlank(emptyDraft(['x']))).toBe(true);
    expect(isBlank(thread('  '))).toBe(true);
    expect(isBlank(thread('', 'x'))).toBe(false);
    expect(isBlank({ ...emptyDraft(), title: 'Plan' })).toBe(false);
  });
});

describe('a stored post', () => {
  it('comes back from the editor as it went in', () => {
    const parts = [{ text: 'a', media: [{ contentId: 'm', altText: 'x' }] }];
    const own = { parts: [{ text: 'b', media: [] }] };
    const settings = { format: 'reel', options: { firstComment: 'Hi' } };
    const target = { socialAccountId: 'x', override: own, settings } as never;
    expect(inputOf(draftOf({ title: 'T', parts, targets: [target] }))).toEqual({
      title: 'T',
      parts,
      targets: [{ socialAccountId: 'x', override: own, settings }],
    });
  });
});

describe('settings', () => {
  it('say nothing any more once they are emptied', () => {
    const set = (draft: Draft, value: unknown) =>
      draftReducer(draft, { type: 'option', account: 'x', key: 'board', value });
    let draft = set(emptyDraft(['x']), '42');
    draft = draftReducer(draft, { type: 'format', account: 'x', format: 'pin' });
    expect(draft.settings.x).toEqual({ format: 'pin', options: { board: '42' } });
    draft = draftReducer(set(draft, undefined), { type: 'format', account: 'x', format: null });
    expect(draft.settings.x).toEqual({});
  });
});
