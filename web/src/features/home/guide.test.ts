import { describe, expect, it } from 'vitest';
import type { Permission } from '@/api/types';
import { guideSteps, nextStep } from './guide';

const may: Permission[] = ['accounts:manage', 'posts:publish'];
const facts = { accounts: 0, posts: 0, scheduled: 0, published: 0 };

describe('the first-run guide', () => {
  it('follows what is really there, also when steps were taken in another order', () => {
    expect(nextStep(guideSteps(facts, may)!)?.id).toBe('connect');
    expect(nextStep(guideSteps({ ...facts, accounts: 1 }, may)!)?.id).toBe('write');
    expect(nextStep(guideSteps({ ...facts, posts: 2 }, may)!)?.id).toBe('connect');
    expect(
      nextStep(guideSteps({ accounts: 1, posts: 2, scheduled: 0, published: 0 }, may)!)?.id,
    ).toBe('schedule');
    expect(
      nextStep(guideSteps({ accounts: 1, posts: 2, scheduled: 0, published: 1 }, may)!),
    ).toBeUndefined();
  });

  it('is not shown before the facts are known, nor to those who cannot walk it', () => {
    expect(guideSteps({ ...facts, posts: undefined }, may)).toBeNull();
    expect(guideSteps(facts, ['posts:read', 'posts:publish'])).toBeNull();
  });
});
