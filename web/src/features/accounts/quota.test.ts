import { expect, test } from 'vitest';
import type { QuotaUse } from '@/api/types';
import { inWords, tightest } from './quota';

const quota = (more: Partial<QuotaUse>): QuotaUse => ({
  counts: 'posts',
  limit: 25,
  windowSeconds: 86_400,
  per: 'account',
  used: 12,
  freeAt: null,
  ...more,
});

test('a quota is told in the words that people count by', () => {
  expect(inWords(quota({}))).toBe('12 of 25 posts in 24 hours');
  expect(
    inWords(
      quota({
        counts: 'posts, through all apps together (about)',
        windowSeconds: 900,
        limit: 1000,
      }),
    ),
  ).toBe('12 of 1,000 posts in 15 minutes');
});

test('the one that is nearest to its end is shown, and short ones only when they are full', () => {
  const day = quota({ used: 5 });
  const containers = quota({ counts: 'containers', limit: 400, used: 10 });
  const minute = quota({ windowSeconds: 60, limit: 6, used: 5 });
  const app = quota({ per: 'app', limit: 10, used: 9 });
  expect(tightest([containers, minute, day, app])).toBe(day);
  const full = { ...minute, used: 6, freeAt: '2026-11-22T09:00:00Z' };
  expect(tightest([containers, full, day, app])).toBe(full);
  expect(tightest([])).toBeUndefined();
});
