import { addDays, dayOf, formatDay, fromLocal, localTime, weekday, type Day } from '@/lib/dates';

const MINUTE = 60_000;

export interface QuickChoice {
  label: string;
  /** Wall time in the organisation's zone. */
  local: string;
}

/** Full five minutes, at or after the instant. */
function roundUp(instant: Date): Date {
  const step = 5 * MINUTE;
  return new Date(Math.ceil(instant.getTime() / step) * step);
}

/** Times people often mean, soonest first, none of them past. */
export function quickChoices(now: Date, zone: string): QuickChoice[] {
  const today = dayOf(now, zone);
  const untilMonday = (8 - weekday(today)) % 7 || 7;
  const choices = [
    { label: 'In 1 hour', local: localTime(roundUp(new Date(now.getTime() + 60 * MINUTE)), zone) },
    { label: 'This evening', local: `${today}T18:00` },
    { label: 'Tomorrow', local: `${addDays(today, 1)}T09:00` },
    untilMonday > 1 && { label: 'Monday', local: `${addDays(today, untilMonday)}T09:00` },
  ];
  const soon = localTime(new Date(now.getTime() + 30 * MINUTE), zone);
  return choices.filter((choice) => choice !== false).filter((choice) => choice.local >= soon);
}

export type ScheduleCheck =
  | { kind: 'ok'; instant: Date }
  | { kind: 'past'; message: string }
  /** The clock jumps over this time. */
  | { kind: 'skipped'; message: string; suggestion: string };

/** Whether a post can go out when the organisation's clock shows `local`. The server decides the same way. */
export function checkSchedule(local: string, zone: string, now: Date): ScheduleCheck {
  const wall = fromLocal(local, zone);
  if (wall.kind === 'skipped') {
    return {
      kind: 'skipped',
      suggestion: wall.next,
      message: `The clocks go forward on ${formatDay(local.slice(0, 10))}, so ${clock(local)} does not exist that day.`,
    };
  }
  if (wall.instant.getTime() <= now.getTime()) {
    return { kind: 'past', message: 'This time has passed. Choose a later one, or publish now.' };
  }
  return { kind: 'ok', instant: wall.instant };
}

/** "09:00" of a wall time. */
export function clock(local: string): string {
  return local.slice(11, 16);
}

/** A day with another one's time of day. */
export function onDay(day: Day, local: string): string {
  return `${day}T${clock(local)}`;
}

/** The next full hour tomorrow at nine or, when today still allows it, in an hour: where the picker begins. */
export function firstChoice(now: Date, zone: string): string {
  return quickChoices(now, zone)[0]?.local ?? `${addDays(dayOf(now, zone), 1)}T09:00`;
}
