import { describe, expect, it } from 'vitest';
import { checkSchedule, quickChoices } from './schedule';

const berlin = 'Europe/Berlin';

describe('quickChoices', () => {
  it('are in the zone of the organisation and rounded to five minutes', () => {
    // Wednesday, 10:02 in Berlin.
    const choices = quickChoices(new Date('2026-11-18T09:02:10Z'), berlin);
    expect(choices.map(({ label, local }) => `${label} ${local}`)).toEqual([
      'In 1 hour 2026-11-18T11:05',
      'This evening 2026-11-18T18:00',
      'Tomorrow 2026-11-19T09:00',
      'Monday 2026-11-23T09:00',
    ]);
  });

  it('leave out what has passed, and Monday when it is tomorrow', () => {
    // Sunday, 20:30 in Berlin.
    const choices = quickChoices(new Date('2026-11-22T19:30:00Z'), berlin);
    expect(choices.map((choice) => choice.label)).toEqual(['In 1 hour', 'Tomorrow']);
  });
});

describe('checkSchedule', () => {
  const now = new Date('2026-03-01T12:00:00Z');

  it('takes a time to come', () => {
    expect(checkSchedule('2026-03-28T09:00', berlin, now)).toEqual({
      kind: 'ok',
      instant: new Date('2026-03-28T08:00:00Z'),
    });
  });

  it('refuses the past, by the clock of the zone', () => {
    expect(checkSchedule('2026-03-01T13:00', berlin, now).kind).toBe('past');
    expect(checkSchedule('2026-03-01T13:00', 'Europe/London', now).kind).toBe('ok');
  });

  it('explains the hour that does not exist and suggests the one behind it', () => {
    const check = checkSchedule('2026-03-29T02:30', berlin, now);
    expect(check).toMatchObject({ kind: 'skipped', suggestion: '2026-03-29T03:30' });
  });

  it('takes the first of two equal times, or the second when that is meant', () => {
    const check = (local: string) => checkSchedule(local, berlin, now);
    expect(check('2026-10-25T02:30')).toEqual({
      kind: 'ok',
      instant: new Date('2026-10-25T00:30:00Z'),
    });
    expect(check('2026-10-25T02:30#2')).toEqual({
      kind: 'ok',
      instant: new Date('2026-10-25T01:30:00Z'),
    });
  });
});
