import { expect, it } from 'vitest';
import { backoff } from './stream';

it('waits longer after each failure, up to half a minute, never less than half of that', () => {
  expect([0, 1, 2, 10].map((failures) => backoff(failures, 1))).toEqual([1000, 2000, 4000, 30_000]);
  expect(backoff(10, 0)).toBe(15_000);
});
