/**
 * Dates in the organisation's time zone, by Intl alone. A *day* is a string "2026-11-22", a *local* time is
 * "2026-11-22T09:00"; both mean wall-clock time in a zone. Instants are RFC 3339 strings in UTC, or Dates.
 */

export type Instant = string | Date;
export type Day = string;

const MINUTE = 60_000;

/** English as the reader writes it (order of day and month, 12 or 24 hours). */
export const LOCALE: string =
  (globalThis.navigator?.languages ?? []).find((tag) => tag.startsWith('en')) ?? 'en-GB';

/** First day of the week where the reader lives: 0 Sunday, 1 Monday, 6 Saturday. */
export const WEEK_START: number = firstDayOfWeek(globalThis.navigator?.language ?? LOCALE);

function firstDayOfWeek(tag: string): number {
  const locale = new Intl.Locale(tag) as Intl.Locale & {
    weekInfo?: { firstDay: number };
    getWeekInfo?: () => { firstDay: number };
  };
  return ((locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1) % 7;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making an Intl format is slow, using one is quick: keep them. */
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, options);
    formats.set(key, made);
  }
  return made;
}

function date(instant: Instant): Date {
  return typeof instant === 'string' ? new Date(instant) : instant;
}

const two = (n: number) => String(n).padStart(2, '0');

/** Wall-clock time of an instant in a zone: "2026-11-22T09:00". */
export function localTime(instant: Instant, zone: string): string {
  const parts = format('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(date(instant));
  const get = (type: string) => parts.find((part) => part.type === type)?.value ?? '00';
  return `${get('year')}-${get('month')}-${get('day')}T${get('hour')}:${get('minute')}`;
}

/** The day on which an instant falls in a zone. */
export function dayOf(instant: Instant, zone: string): Day {
  return localTime(instant, zone).slice(0, 10);
}

/** Minutes the zone is ahead of UTC at that instant. */
export function offsetMinutes(instant: Instant, zone: string): number {
  // The wall-clock time has no seconds, so the instant must have none either.
  const at = Math.floor(date(instant).getTime() / MINUTE) * MINUTE;
  const wall = Date.parse(`${localTime(instant, zone)}:00Z`);
  return Math.round((wall - at) / MINUTE);
}

export type WallTime =
  | { kind: 'exact'; instant: Date }
  /** The clock shows this time twice; `instant` is the first of the two, unless `local` asks for the second. */
  | { kind: 'twice'; instant: Date; later: Date }
  /** The clock jumps over this time; `next` is the same distance behind the jump. */
  | { kind: 'skipped'; next: string };

/** Stands behind a wall time to mean the second of two instants at which the clock shows it. */
export const SECOND = '#2';

/** The instant at which the clock in `zone` shows `local` ("2026-11-22T09:00"). */
export function fromLocal(local: string, zone: string): WallTime {
  const wall = Date.parse(`${local.slice(0, 16)}:00Z`);
  // No zone changes its offset twice within a day, so the offsets a day before and after are all there can be.
  const offsets = new Set(
    [-1440, 1440].map((m) => offsetMinutes(new Date(wall + m * MINUTE), zone)),
  );
  const hits = [...offsets]
    .map((offset) => new Date(wall - offset * MINUTE))
    .filter((instant) => localTime(instant, zone) === local.slice(0, 16))
    .sort((a, b) => a.getTime() - b.getTime());
  const [first, second] = hits;
  if (!first) {
    const before = Math.min(...offsets);
    return { kind: 'skipped', next: localTime(new Date(wall - before * MINUTE), zone) };
  }
  return second
    ? { kind: 'twice', instant: local.endsWith(SECOND) ? second : first, later: second }
    : { kind: 'exact', instant: first };
}

/** The wall time that leads back to the very same instant, also in an hour that comes twice. */
export function exactLocal(instant: Instant, zone: string): string {
  const local = localTime(instant, zone);
  const wall = fromLocal(local, zone);
  const second = wall.kind === 'twice' && date(instant).getTime() >= wall.later.getTime();
  return second ? local + SECOND : local;
}

/** The instant of a wall-clock time, taking the time behind a jump. */
export function resolveLocal(local: string, zone: string): Date {
  const wall = fromLocal(local, zone);
  return wall.kind === 'skipped' ? resolveLocal(wall.next, zone) : wall.instant;
}

/** A day's midnight as a UTC Date, for arithmetic on days only. */
function utcDay(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

function toDay(utc: Date): Day {
  return `${utc.getUTCFullYear()}-${two(utc.getUTCMonth() + 1)}-${two(utc.getUTCDate())}`;
}

export function addDays(day: Day, count: number): Day {
  const utc = utcDay(day);
  utc.setUTCDate(utc.getUTCDate() + count);
  return toDay(utc);
}

/** Same day of another month, or that month's last day if it is shorter. */
export function addMonths(day: Day, count: number): Day {
  const utc = utcDay(day);
  const wanted = utc.getUTCDate();
  utc.setUTCDate(1);
  utc.setUTCMonth(utc.getUTCMonth() + count);
  const last = new Date(Date.UTC(utc.getUTCFullYear(), utc.getUTCMonth() + 1, 0)).getUTCDate();
  utc.setUTCDate(Math.min(wanted, last));
  return toDay(utc);
}

export function startOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

/** 0 Sunday … 6 Saturday. */
export function weekday(day: Day): number {
  return utcDay(day).getUTCDay();
}

export function startOfWeek(day: Day, weekStart: number = WEEK_START): Day {
  return addDays(day, -((weekday(day) - weekStart + 7) % 7));
}

/** The seven days of the week `day` is in. */
export function weekDays(day: Day, weekStart: number = WEEK_START): Day[] {
  const first = startOfWeek(day, weekStart);
  return Array.from({ length: 7 }, (_, index) => addDays(first, index));
}

/** The weeks a month's page shows, each of seven days; the first and last may reach into its neighbours. */
export function monthWeeks(day: Day, weekStart: number = WEEK_START): Day[][] {
  const first = startOfMonth(day);
  const end = addMonths(first, 1);
  const weeks: Day[][] = [];
  for (let at = startOfWeek(first, weekStart); at < end; at = addDays(at, 7)) {
    weeks.push(weekDays(at, weekStart));
  }
  return weeks;
}

/** The instants at which a day begins in a zone and the next one does (23 to 25 hours apart). */
export function dayRange(day: Day, zone: string): { from: string; to: string } {
  return {
    from: resolveLocal(`${day}T00:00`, zone).toISOString(),
    to: resolveLocal(`${addDays(day, 1)}T00:00`, zone).toISOString(),
  };
}

const HOUR = new Intl.DateTimeFormat(LOCALE, { hour: 'numeric' }).resolvedOptions().hour12
  ? 'numeric'
  : '2-digit';

/** "9:00 am" or "09:00". */
export function formatTime(instant: Instant, zone: string): string {
  return format(LOCALE, { timeZone: zone, hour: HOUR, minute: '2-digit' }).format(date(instant));
}

/** "Sun, 22 Nov 2026"; the year only when it is not the present one. */
export function formatDate(instant: Instant, zone: string, now: Date = new Date()): string {
  return formatDay(dayOf(instant, zone), {
    year: dayOf(now, zone).slice(0, 4) !== dayOf(instant, zone).slice(0, 4),
  });
}

/** A day in words: "Sun, 22 Nov". */
export function formatDay(day: Day, { year = false, long = false } = {}): string {
  return format(LOCALE, {
    timeZone: 'UTC',
    weekday: long ? 'long' : 'short',
    day: 'numeric',
    month: long ? 'long' : 'short',
    ...(year ? { year: 'numeric' } : {}),
  }).format(utcDay(day));
}

/** "November 2026". */
export function formatMonth(day: Day): string {
  return format(LOCALE, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(utcDay(day));
}

/** "Sun". */
export function formatWeekday(day: Day, width: 'short' | 'long' | 'narrow' = 'short'): string {
  return format(LOCALE, { timeZone: 'UTC', weekday: width }).format(utcDay(day));
}

/** "Today, 09:00", "Tomorrow, 09:00", "Sun, 22 Nov, 09:00". */
export function formatDateTime(instant: Instant, zone: string, now: Date = new Date()): string {
  const day = dayOf(instant, zone);
  const today = dayOf(now, zone);
  const named: Record<Day, string> = {
    [addDays(today, -1)]: 'Yesterday',
    [today]: 'Today',
    [addDays(today, 1)]: 'Tomorrow',
  };
  return `${named[day] ?? formatDate(instant, zone, now)}, ${formatTime(instant, zone)}`;
}

/** "in 5 minutes", "2 days ago". */
export function formatRelative(instant: Instant, now: Date = new Date()): string {
  const seconds = (date(instant).getTime() - now.getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [
    [60, 'second'],
    [3600, 'minute'],
    [86_400, 'hour'],
    [86_400 * 30, 'day'],
    [86_400 * 365, 'month'],
    [Infinity, 'year'],
  ];
  let unitSeconds = 1;
  for (const [limit, unit] of steps) {
    if (Math.abs(seconds) < limit) return words.format(Math.round(seconds / unitSeconds), unit);
    unitSeconds = limit;
  }
  return '';
}

/** "UTC+1" at that instant. */
export function formatOffset(zone: string, at: Instant = new Date()): string {
  const minutes = offsetMinutes(at, zone);
  const sign = minutes < 0 ? '−' : '+';
  const abs = Math.abs(minutes);
  return `UTC${sign}${Math.floor(abs / 60)}${abs % 60 ? `:${two(abs % 60)}` : ''}`;
}

/** "Berlin" of "Europe/Berlin". */
export function zoneCity(zone: string): string {
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

/** All zones the browser knows, for a Combobox. */
export function timeZoneOptions(now: Date = new Date()) {
  const zones = Intl.supportedValuesOf('timeZone');
  const all = zones.includes('UTC') ? zones : ['UTC', ...zones];
  return all.map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' ').replaceAll('/', ' / '),
    note: formatOffset(zone, now),
    keywords: zone,
  }));
}

/** The zone this browser is set to. */
export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
