import { describe, expect, it } from 'vitest';
import type { Platform } from '@/api/types';
import { entities } from './entities';

function seen(text: string, platform: Platform): string[] {
  const pieces = entities(text, platform);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  return pieces
    .filter((piece) => piece.kind !== 'text')
    .map((piece) => `${piece.kind} ${piece.text}`);
}

describe('Bluesky draws', () => {
  it.each([
    ['plain text', []],
    ['see https://example.com/a?b=c#d now', ['link https://example.com/a?b=c#d']],
    ['(https://example.com)', ['link https://example.com']],
    [
      'https://en.wikipedia.org/wiki/Rust_(language)',
      ['link https://en.wikipedia.org/wiki/Rust_(language)'],
    ],
    ['https://example.com.', ['link https://example.com']],
    ['https://. https://', []],
    ['go to example.com/path, or my-site.org', ['link example.com/path', 'link my-site.org']],
    ['main.zig file.txt 1.5', []],
    ['write to me@example.com', []],
    ['hi @Alice.bsky.social!', ['mention @Alice.bsky.social']],
    ['(@bob.test) @carol x@bob.test', ['mention @bob.test']],
    ['@a.test @b.test', ['mention @a.test', 'mention @b.test']],
    ['#Rust, #2026 and #c++', ['hashtag #Rust', 'hashtag #c++']],
  ])('%j', (text, expected) => {
    expect(seen(text, 'bluesky')).toEqual(expected);
  });
});

describe('Mastodon draws', () => {
  it.each([
    ['https://example.org/path. example.org', ['link https://example.org/path']],
    ['hi @alice@mastodon.social and @bob!', ['mention @alice@mastodon.social', 'mention @bob']],
    ['mail alice@example.org', []],
    ['#Typografie #2026 a#b', ['hashtag #Typografie']],
  ])('%j', (text, expected) => {
    expect(seen(text, 'mastodon')).toEqual(expected);
  });

  it('a mention without its server', () => {
    expect(entities('@alice@mastodon.social', 'mastodon')[0]?.server).toBe('@mastodon.social');
  });
});
