import { describe, expect, it } from 'vitest';
import type { Content } from '@/api/types';
import { dueUploads, uploadReducer, type Upload } from './uploads';

function waiting(count: number): Upload[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    file: new File(['x'], `${id}.png`),
    state: 'waiting',
    progress: 0,
  }));
}

describe('uploads', () => {
  it('go three at a time, in the order they were dropped', () => {
    let uploads = uploadReducer([], { type: 'add', uploads: waiting(5) });
    expect(dueUploads(uploads).map((upload) => upload.id)).toEqual([0, 1, 2]);
    for (const id of [0, 1, 2]) uploads = uploadReducer(uploads, { type: 'start', id });
    expect(dueUploads(uploads)).toEqual([]);
    uploads = uploadReducer(uploads, { type: 'done', id: 1, content: {} as Content });
    expect(dueUploads(uploads).map((upload) => upload.id)).toEqual([3]);
  });

  it('that failed wait for their turn again when asked to', () => {
    let uploads = uploadReducer(waiting(1), { type: 'start', id: 0 });
    uploads = uploadReducer(uploads, { type: 'failed', id: 0, message: 'Too large.' });
    expect([dueUploads(uploads).length, uploads[0]?.message]).toEqual([0, 'Too large.']);
    uploads = uploadReducer(uploads, { type: 'again', id: 0 });
    expect([dueUploads(uploads).length, uploads[0]?.message]).toEqual([1, undefined]);
  });

  it('that were cancelled are gone, and late news about them changes nothing', () => {
    const uploads = uploadReducer(waiting(2), { type: 'remove', id: 0 });
    expect(uploadReducer(uploads, { type: 'progress', id: 0, share: 0.5 })).toEqual(uploads);
  });
});
