import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dayOf,
  dayRange,
  formatDateTime,
  formatOffset,
  formatRelative,
  exactLocal,
  fromLocal,
  localTime,
  monthWeeks,
  resolveLocal,
  startOfWeek,
} from './dates';

const BERLIN = 'Europe/Berlin';

describe('wall-clock time', () => {
  it('is the zone’s, not the machine’s', () => {
    expect(localTime('2026-11-22T23:30:00Z', 'Asia/Kolkata')).toBe('2026-11-23T05:00');
    expect(dayOf('2026-11-22T23:30:00Z', 'America/New_York')).toBe('2026-11-22');
  });

  it('turns into one instant on an ordinary day', () => {
    const wall = fromLocal('2026-11-22T09:00', BERLIN);
    expect(wall).toEqual({ kind: 'exact', instant: new Date('2026-11-22T08:00:00Z') });
  });

  it('is skipped when clocks go forward', () => {
    expect(fromLocal('2026-03-29T02:30', BERLIN)).toEqual({
      kind: 'skipped',
      next: '2026-03-29T03:30',
    });
    expect(resolveLocal('2026-03-29T02:30', BERLIN).toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it('is there twice when clocks go back, the first one taken', () => {
    const wall = fromLocal('2026-10-25T02:30', BERLIN);
    expect(wall).toEqual({
      kind: 'twice',
      instant: new Date('2026-10-25T00:30:00Z'),
      later: new Date('2026-10-25T01:30:00Z'),
    });
  });

  it('names either of two equal times exactly', () => {
    for (const instant of ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']) {
      expect(resolveLocal(exactLocal(instant, BERLIN), BERLIN).toISOString()).toBe(instant);
    }
    expect(exactLocal('2026-11-22T08:00:00Z', BERLIN)).toBe('2026-11-22T09:00');
  });

  it('handles half-hour shifts and zones far from UTC', () => {
    expect(fromLocal('2026-10-04T02:15', 'Australia/Lord_Howe').kind).toBe('skipped');
    expect(fromLocal('2026-01-01T00:00', 'Pacific/Kiritimati')).toEqual({
      kind: 'exact',
      instant: new Date('2025-12-31T10:00:00Z'),
    });
  });

  it('comes back from every hour of a year', () => {
    for (let hour = 0; hour < 365 * 24; hour += 1) {
      const instant = new Date(Date.UTC(2026, 0, 1, hour));
      const wall = fromLocal(localTime(instant, BERLIN), BERLIN);
      if (wall.kind === 'skipped') throw new Error(`${instant.toISOString()} is skipped`);
      const found = wall.kind === 'twice' ? [wall.instant, wall.later] : [wall.instant];
      expect(found.map(Number)).toContain(Number(instant));
    }
  });
});

describe('days', () => {
  it('cross months, years and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  });

  it('last 23 or 25 hours when clocks change', () => {
    const hours = (day: string) => {
      const { from, to } = dayRange(day, BERLIN);
      return (Date.parse(to) - Date.parse(from)) / 3_600_000;
    };
    expect([hours('2026-03-29'), hours('2026-03-30'), hours('2026-10-25')]).toEqual([23, 24, 25]);
  });

  it('fill the weeks of a month', () => {
    const weeks = monthWeeks('2026-11-15', 1);
    expect(weeks[0]?.[0]).toBe('2026-10-26');
    expect(weeks.at(-1)?.[6]).toBe('2026-12-06');
    expect(startOfWeek('2026-11-22', 0)).toBe('2026-11-22');
    expect(startOfWeek('2026-11-22', 1)).toBe('2026-11-16');
  });
});

describe('words', () => {
  const now = new Date('2026-11-21T10:00:00Z');

  it('name the days around today in the zone', () => {
    expect(formatDateTime('2026-11-21T23:30:00Z', BERLIN, now)).toMatch(/^Tomorrow, /);
    expect(formatDateTime('2026-11-21T10:30:00Z', BERLIN, now)).toMatch(/^Today, /);
  });

  it('say how long ago or how soon', () => {
    expect(formatRelative('2026-11-21T10:05:00Z', now)).toBe('in 5 minutes');
    expect(formatRelative('2026-11-19T10:00:00Z', now)).toBe('2 days ago');
  });

  it('give offsets with minutes where there are any', () => {
    expect(formatOffset('Asia/Kolkata', now)).toBe('UTC+5:30');
    expect(formatOffset('America/St_Johns', now)).toBe('UTC−3:30');
    expect(formatOffset('America/New_York', '2026-11-21T10:00:59Z')).toBe('UTC−5');
  });
});
