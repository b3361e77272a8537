import { describe, expect, it } from 'vitest';
import type { Post } from '@/api/types';
import {
  byDay,
  daysOf,
  hourKind,
  hoursIn,
  layoutDay,
  localOf,
  minuteAt,
  rangeOf,
  slotOf,
  stepSlot,
} from './grid';

const berlin = 'Europe/Berlin';

describe('a day of the calendar', () => {
  it('has 23, 24 or 25 hours, and knows the odd one', () => {
    expect(['2026-03-28', '2026-03-29', '2026-10-25'].map((day) => hoursIn(day, berlin))).toEqual([
      24, 23, 25,
    ]);
    expect(hourKind('2026-03-29', 2, berlin)).toBe('skipped');
    expect(hourKind('2026-03-29', 3, berlin)).toBe('normal');
    expect(hourKind('2026-10-25', 2, berlin)).toBe('twice');
  });

  it('knows shifts by half an hour', () => {
    expect(hoursIn('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5);
    expect(hourKind('2026-10-04', 2, 'Australia/Lord_Howe')).toBe('skipped');
  });

  it('begins and ends by the zone of the organisation', () => {
    expect(rangeOf(['2026-03-29'], berlin)).toEqual({
      from: '2026-03-28T23:00:00.000Z',
      to: '2026-03-29T22:00:00.000Z',
    });
  });

  it('gets the posts that fall on it there, in order', () => {
    const post = (id: string, scheduledAt: string | null) => ({ id, scheduledAt }) as Post;
    const days = byDay(
      [post('b', '2026-11-22T10:00:00Z'), post('a', '2026-11-21T23:30:00Z'), post('draft', null)],
      berlin,
    );
    expect([...days].map(([day, posts]) => [day, posts.map(({ id }) => id)])).toEqual([
      ['2026-11-22', ['a', 'b']],
    ]);
  });
});

describe('a view', () => {
  it('shows whole weeks', () => {
    expect(daysOf('month', '2026-11-15').length % 7).toBe(0);
    expect(daysOf('month', '2026-11-15')).toContain('2026-11-30');
    expect(daysOf('week', '2026-11-15')).toHaveLength(7);
  });
});

describe('slots', () => {
  it('are wall time', () => {
    expect(slotOf('2026-03-29T01:30:00Z', berlin)).toEqual({ day: '2026-03-29', minute: 210 });
    expect(localOf({ day: '2026-03-29', minute: 210 })).toBe('2026-03-29T03:30');
  });

  it('snap to quarters within the day', () => {
    expect([0.5, 0.506, -1, 2].map(minuteAt)).toEqual([720, 735, 0, 1425]);
  });

  it('follow the arrow keys, across midnight as well', () => {
    const slot = { day: '2026-11-22', minute: 1430 };
    expect(stepSlot(slot, 'ArrowDown', 'week', false)).toEqual({ day: '2026-11-23', minute: 5 });
    expect(stepSlot(slot, 'ArrowUp', 'week', true)).toEqual({ day: '2026-11-22', minute: 1370 });
    expect(stepSlot(slot, 'ArrowUp', 'month', false)?.day).toBe('2026-11-15');
    expect(stepSlot(slot, 'Enter', 'month', false)).toBeNull();
  });
});

describe('layoutDay', () => {
  const items = (...minutes: number[]) => minutes.map((minute) => ({ item: minute, minute }));

  it('puts side by side only what stands close together', () => {
    const { placed } = layoutDay(items(0, 30, 200), 45, 3);
    expect(placed.map(({ minute, column, columns }) => [minute, column, columns])).toEqual([
      [0, 0, 2],
      [30, 1, 2],
      [200, 0, 1],
    ]);
  });

  it('uses a column again once it is free', () => {
    const { placed } = layoutDay(items(0, 30, 60), 45, 3);
    expect(placed.map(({ column }) => column)).toEqual([0, 1, 0]);
  });

  it('gathers what finds no room', () => {
    const { placed, crowds } = layoutDay(items(0, 5, 10, 15, 20), 45, 3);
    expect(placed.map(({ minute }) => minute)).toEqual([0, 5]);
    expect(crowds).toEqual([{ minute: 10, items: [10, 15, 20] }]);
  });
});
