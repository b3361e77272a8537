import { describe, expect, it } from 'vitest';
import type { Permission, Post, Target, TargetStatus } from '@/api/types';
import { abilities, isMovable } from './abilities';

const all: Permission[] = ['posts:read', 'posts:write', 'posts:publish'];

function post(status: Post['status'], ...targets: TargetStatus[]) {
  return {
    status,
    scheduledAt: '2026-11-22T09:00:00Z',
    targets: targets.map((state) => ({ status: state }) as Target),
  };
}

const can = (...args: Parameters<typeof abilities>) =>
  Object.entries(abilities(...args))
    .filter(([, able]) => able)
    .map(([name]) => name);

describe('abilities', () => {
  it('follow the state', () => {
    expect(can(post('draft', 'draft'), all)).toEqual([
      'edit',
      'schedule',
      'publishNow',
      'duplicate',
      'delete',
    ]);
    expect(can(post('publishing', 'publishing'), all)).toEqual(['duplicate']);
    expect(can(post('published', 'published'), all)).toEqual(['duplicate', 'takeDown', 'delete']);
    expect(can(post('failed', 'failed', 'published'), all)).toContain('takeDown');
  });

  it('follow the role', () => {
    const contributor: Permission[] = ['posts:read', 'posts:write'];
    expect(can(post('draft', 'draft'), contributor)).toEqual(['edit', 'duplicate', 'delete']);
    expect(can(post('published', 'published'), contributor)).toEqual(['duplicate']);
    expect(can(post('scheduled', 'scheduled'), contributor)).toEqual(['duplicate']);
    expect(can(post('scheduled', 'scheduled'), ['posts:read'])).toEqual([]);
  });

  it('offer no schedule to a post without accounts', () => {
    expect(can(post('draft'), all)).not.toContain('schedule');
  });
});

describe('isMovable', () => {
  it('only when nothing of it is out', () => {
    expect(isMovable(post('scheduled', 'scheduled', 'scheduled'), all)).toBe(true);
    expect(isMovable(post('scheduled', 'scheduled', 'published'), all)).toBe(false);
    expect(isMovable(post('published', 'published'), all)).toBe(false);
    expect(isMovable(post('scheduled', 'scheduled'), ['posts:read'])).toBe(false);
  });
});
