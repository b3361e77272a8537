import { describe, expect, it } from 'vitest';
import type { Post } from '@/api/types';
import type { DraftInput } from './draft';
import { DraftSaver, type SaverApi } from './saver';

const input = (text: string): DraftInput => ({
  title: null,
  parts: [{ text, media: [] }],
  targets: [],
});

/** A server that knows one post and refuses stale versions. */
function server() {
  const log: string[] = [];
  let version = 0;
  const answer = () => ({ id: 'post', version }) as Post;
  const api: SaverApi = {
    create: async ({ parts }) => {
      await Promise.resolve();
      version = 1;
      log.push(`create ${parts[0]?.text}`);
      return answer();
    },
    update: async (_, from, { parts }) => {
      await Promise.resolve();
      if (from !== version) throw new Error('VERSION_CONFLICT');
      version += 1;
      log.push(`update ${parts[0]?.text}`);
      return answer();
    },
  };
  return { api, log, elsewhere: () => (version += 1) };
}

describe('DraftSaver', () => {
  it('creates once and then updates, in order, whatever overlaps', async () => {
    const { api, log } = server();
    const saver = new DraftSaver(api, null, input(''));
    await Promise.all([saver.save(input('a')), saver.save(input('ab')), saver.save(input('ab'))]);
    expect(log).toEqual(['create a', 'update ab']);
    expect(saver.isSaved(input('ab'))).toBe(true);
    expect(saver.isSaved(input('abc'))).toBe(false);
  });

  it('passes a conflict on and saves again once it has the newer post', async () => {
    const { api, log, elsewhere } = server();
    const saver = new DraftSaver(api, null, input(''));
    const post = await saver.save(input('a'));
    elsewhere();
    await expect(saver.save(input('b'))).rejects.toThrow('VERSION_CONFLICT');
    expect(saver.isSaved(input('b'))).toBe(false);
    saver.adopt({ ...post, version: 2 });
    await saver.save(input('b'));
    expect(log).toEqual(['create a', 'update b']);
  });
});
