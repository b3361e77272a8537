import type { Post } from '@/api/types';
import {
  addDays,
  dayOf,
  dayRange,
  fromLocal,
  localTime,
  monthWeeks,
  weekDays,
  type Day,
} from '@/lib/dates';

export type View = 'month' | 'week';

/** Where a post stands or is to be put: a day and the minute of its wall clock. */
export interface Slot {
  day: Day;
  /** Minutes since midnight by the wall clock. */
  minute: number;
}

/** Minutes to which dragging in the week snaps. */
export const SNAP = 15;

const two = (n: number) => String(n).padStart(2, '0');

/** "2026-11-22T09:15" of a slot. */
export function localOf({ day, minute }: Slot): string {
  return `${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Where the zone's clock shows an instant. */
export function slotOf(instant: string | Date, zone: string): Slot {
  const local = localTime(instant, zone);
  return {
    day: local.slice(0, 10),
    minute: Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16)),
  };
}

/** The days a view shows. */
export function daysOf(view: View, day: Day): Day[] {
  return view === 'week' ? weekDays(day) : monthWeeks(day).flat();
}

/** The instants a view's days begin and end at. */
export function rangeOf(days: Day[], zone: string): { from: string; to: string } {
  const first = days[0] ?? '';
  const last = days.at(-1) ?? first;
  return { from: dayRange(first, zone).from, to: dayRange(last, zone).to };
}

export type HourKind = 'normal' | 'skipped' | 'twice';

/** What the clock does in an hour: on the days on which it changes, one hour is missing or comes twice. */
export function hourKind(day: Day, hour: number, zone: string): HourKind {
  const kinds = [0, 30].map(
    (minutes) => fromLocal(`${day}T${two(hour)}:${two(minutes)}`, zone).kind,
  );
  if (kinds.includes('skipped')) return 'skipped';
  return kinds.includes('twice') ? 'twice' : 'normal';
}

/** Hours a day has in a zone: 24, on some days 23 or 25. */
export function hoursIn(day: Day, zone: string): number {
  const { from, to } = dayRange(day, zone);
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}

/** Posts by the day they are scheduled on, each day in the order of time. */
export function byDay(posts: readonly Post[], zone: string): Map<Day, Post[]> {
  const days = new Map<Day, Post[]>();
  const timed = posts
    .filter((post) => post.scheduledAt !== null)
    .toSorted((a, b) => (a.scheduledAt ?? '').localeCompare(b.scheduledAt ?? ''));
  for (const post of timed) {
    const day = dayOf(post.scheduledAt ?? '', zone);
    days.set(day, [...(days.get(day) ?? []), post]);
  }
  return days;
}

export interface Placed<T> {
  item: T;
  minute: number;
  /** Which of `columns` side by side. */
  column: number;
  columns: number;
}

export interface DayLayout<T> {
  placed: Placed<T>[];
  /** What found no room, gathered at the minute of the first of its crowd. */
  crowds: { minute: number; items: T[] }[];
}

/**
 * Puts items that stand close together side by side. `length` is the room one takes, in minutes; beyond `most` side by
 * side, the rest of a crowd is gathered in its last column.
 */
export function layoutDay<T>(
  items: { item: T; minute: number }[],
  length: number,
  most: number,
): DayLayout<T> {
  const layout: DayLayout<T> = { placed: [], crowds: [] };
  let crowd: { item: T; minute: number; column: number }[] = [];
  let ends: number[] = [];

  const close = () => {
    const columns = Math.min(ends.length, most);
    const tooMany = ends.length > most;
    const rest = crowd.filter(({ column }) => tooMany && column >= most - 1);
    for (const { item, minute, column } of crowd) {
      if (!tooMany || column < most - 1) layout.placed.push({ item, minute, column, columns });
    }
    if (rest[0])
      layout.crowds.push({ minute: rest[0].minute, items: rest.map(({ item }) => item) });
    crowd = [];
    ends = [];
  };

  for (const { item, minute } of items.toSorted((a, b) => a.minute - b.minute)) {
    if (ends.every((end) => end <= minute)) close();
    const free = ends.findIndex((end) => end <= minute);
    const column = free >= 0 ? free : ends.length;
    ends[column] = minute + length;
    crowd.push({ item, minute, column });
  }
  close();
  return layout;
}

/** The minute a height within a day's column means, snapped, and kept within the day. */
export function minuteAt(share: number): number {
  const minute = Math.round((share * 1440) / SNAP) * SNAP;
  return Math.min(Math.max(minute, 0), 1440 - SNAP);
}

/** Where an arrow key leads a post that is being moved; null for other keys. */
export function stepSlot(slot: Slot, key: string, view: View, far: boolean): Slot | null {
  const days = (count: number) => ({ ...slot, day: addDays(slot.day, count) });
  const minutes = (count: number): Slot => {
    const minute = slot.minute + count;
    if (minute < 0) return { day: addDays(slot.day, -1), minute: minute + 1440 };
    return minute >= 1440
      ? { day: addDays(slot.day, 1), minute: minute - 1440 }
      : { ...slot, minute };
  };
  const stride = far ? 60 : SNAP;
  switch (key) {
    case 'ArrowLeft':
      return days(-1);
    case 'ArrowRight':
      return days(1);
    case 'ArrowUp':
      return view === 'month' ? days(-7) : minutes(-stride);
    case 'ArrowDown':
      return view === 'month' ? days(7) : minutes(stride);
    default:
      return null;
  }
}
