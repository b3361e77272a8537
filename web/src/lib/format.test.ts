import { describe, expect, it } from 'vitest';
import { count, formatBytes, listNames } from './format';

describe('formatBytes', () => {
  it('keeps one decimal for small numbers and never shows 1000 of a unit', () => {
    expect([0, 999, 1000, 3_440_000, 999_600, 25_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '3.4 MB',
      '1 MB',
      '25 MB',
    ]);
  });
});

describe('count and listNames', () => {
  it('agree in number', () => {
    expect([count(1, 'post'), count(0, 'post'), count(1200, 'reply', 'replies')]).toEqual([
      '1 post',
      '0 posts',
      '1,200 replies',
    ]);
    expect([
      listNames([]),
      listNames(['A']),
      listNames(['A', 'B']),
      listNames(['A', 'B', 'C', 'D']),
    ]).toEqual(['', 'A', 'A and B', 'A, B and 2 more']);
  });
});
