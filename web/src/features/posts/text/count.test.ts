import { describe, expect, it } from 'vitest';
import { byteLength, countCharacters, measure, overflowStart, type CountingRule } from './count';

const mastodon: CountingRule = {
  counting: 'mastodon',
  maxCharacters: 500,
  maxBytes: null,
  urlLength: 23,
};
const bluesky: CountingRule = {
  counting: 'graphemes',
  maxCharacters: 300,
  maxBytes: 3000,
  urlLength: null,
};

describe('Mastodon counts', () => {
  // The same table as the server's own test: what the counter shows and what preflight says must agree.
  it.each([
    ['', 0],
    ['hello', 5],
    ['e\u0301', 1],
    ['👩‍👩‍👧‍👦🇩🇪', 2],
    ['line\nbreak', 10],
    ['http://a.de', 23],
    ['https://example.org/a/very/long/path?with=a&long=query#and-fragment', 23],
    ['(https://example.org/path)', 25],
    ['https://example.org/path.', 24],
    ['https://example.org/wiki/Rust_(language)', 23],
    ['https://example.org/wiki/Rust_(language))', 24],
    ['https://example.org, and', 28],
    ['https://bücher.example/ä', 23],
    ['https://example.org:8080/x', 23],
    ['example.org/path', 16],
    ['http://localhost/x', 18],
    ['xhttps://example.org', 20],
    ['@alice', 6],
    ['@alice@mastodon.social', 6],
    ['hi @alice@mastodon.social!', 10],
    ['mail alice@example.org', 22],
    ['@a@b.c @d@e.f', 5],
    ['#hashtag', 8],
  ])('%j as %i', (text, expected) => {
    expect(countCharacters(text, mastodon)).toBe(expected);
  });
});

describe('Bluesky counts', () => {
  it('graphemes, links as long as they are, and no space at the ends', () => {
    expect(countCharacters('👩‍👩‍👧‍👦🇩🇪 https://example.org', bluesky)).toBe(22);
    expect(countCharacters('  hello\n', bluesky)).toBe(5);
  });

  it('bytes as well, but only complains of them when the characters fit', () => {
    const families = '👩‍👩‍👧‍👦'.repeat(200);
    expect(byteLength(families)).toBe(5000);
    expect(measure(families, bluesky)).toMatchObject({ remaining: 100, bytesOver: 2000 });
    expect(measure(families.repeat(2), bluesky)).toMatchObject({ remaining: -100, bytesOver: 0 });
  });
});

describe('overflowStart', () => {
  it('is where the first character too many begins', () => {
    expect(overflowStart('a'.repeat(300), bluesky)).toBeNull();
    expect(overflowStart('a'.repeat(305), bluesky)).toBe(300);
    expect(overflowStart('🇩🇪'.repeat(301), bluesky)).toBe(300 * 4);
  });

  it('counts by the rule of the network', () => {
    const link = `https://example.org/${'x'.repeat(80)} `;
    expect(overflowStart(link + 'a'.repeat(476), mastodon)).toBeNull();
    expect(overflowStart(link + 'a'.repeat(480), mastodon)).toBe(link.length + 476);
  });
});
