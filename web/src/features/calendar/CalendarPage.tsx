import { useQuery } from '@tanstack/react-query';
import { CalendarDays, ChevronLeft, ChevronRight, Columns3, Plus } from 'lucide-react';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { Platform } from '@/api/types';
import { PostFilters } from '@/features/posts/PostFilters';
import { shortName } from '@/features/posts/summary';
import { StatusAnnouncer } from '@/features/posts/StatusAnnouncer';
import { useNow } from '@/features/posts/useNow';
import {
  addDays,
  addMonths,
  dayOf,
  formatMonth,
  formatOffset,
  LOCALE,
  startOfMonth,
  weekDays,
  zoneCity,
  type Day,
} from '@/lib/dates';
import { useShortcut } from '@/lib/shortcuts';
import { useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { useCan, useTimeZone } from '@/session/useMe';
import { STATUS } from '@/ui/Badge';
import { Button, ButtonLink, IconButton } from '@/ui/Button';
import { ErrorState } from '@/ui/ErrorState';
import { Select } from '@/ui/Field';
import { useTitle } from '@/ui/PageHeader';
import { Segmented } from '@/ui/Segmented';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './CalendarPage.module.css';
import { Calendar } from './context';
import { byDay, daysOf, localOf, rangeOf, type View } from './grid';
import { MOVE_HINT_ID } from './PostChip';
import { calendarQuery } from './queries';
import { useMoving } from './useMoving';

const MonthView = lazy(() => import('./MonthView'));
const WeekView = lazy(() => import('./WeekView'));
const Agenda = lazy(() => import('./Agenda'));

const NARROW = '(max-width: 52rem)';

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const query = window.matchMedia(NARROW);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => window.matchMedia(NARROW).matches,
  );
}

/** "November 2026", or the week's first and last day. */
function titleOf(view: View, day: Day): string {
  if (view === 'month') return formatMonth(day);
  const days = weekDays(day);
  const [first, last] = [days[0] ?? day, days[6] ?? day];
  const format = new Intl.DateTimeFormat(LOCALE, {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  return format.formatRange(new Date(first), new Date(last));
}

/** What goes out when. */
export default function CalendarPage() {
  const search = useSearch('/calendar');
  const zone = useTimeZone();
  const now = useNow();
  const narrow = useNarrow();
  const mayWrite = useCan('posts:write');
  const today = dayOf(now, zone);
  const view: View = search.view ?? 'month';
  const day = /^\d{4}-\d{2}-\d{2}$/.test(search.day ?? '') ? (search.day ?? today) : today;
  const days = daysOf(view, day);
  const posts = useQuery(
    calendarQuery({
      ...rangeOf(days, zone),
      status: search.status,
      accountId: search.accountId,
      platform: search.platform as Platform | undefined,
    }),
  );
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: '/calendar', search: { ...search, ...next }, replace: true });
  const go = (next: Day) => change({ day: next === today ? undefined : next });
  const step = (by: 1 | -1) =>
    go(view === 'month' ? addMonths(startOfMonth(day), by) : addDays(day, by * 7));
  const moving = useMoving(view, zone, (to) => {
    const outside = view === 'month' ? startOfMonth(to) !== startOfMonth(day) : !days.includes(to);
    if (outside) go(to);
  });
  const setView = (next: View) => change({ view: next === 'month' ? undefined : next });
  const title = titleOf(view, day);
  useTitle(`Calendar, ${title}`);
  useShortcut('t', () => go(today), { label: 'Today', group: 'Calendar' });
  useShortcut('j', () => step(1), { label: 'Next month or week', group: 'Calendar' });
  useShortcut('k', () => step(-1), { label: 'Previous month or week', group: 'Calendar' });
  useShortcut('m', () => setView('month'), { label: 'Month', group: 'Calendar' });
  useShortcut('w', () => setView('week'), { label: 'Week', group: 'Calendar' });

  const grouped = byDay(posts.data ?? [], zone);
  const lifted = moving.moving;

  return (
    <Calendar value={{ ...moving, zone, today, now, mayWrite }}>
      <div data-wide className={styles.page} data-moving={lifted ? lifted.by : undefined}>
        <StatusAnnouncer />
        <VisuallyHidden>
          <span id={MOVE_HINT_ID}>Press Space to move it with the arrow keys.</span>
          <span role="status">{moving.announcement}</span>
        </VisuallyHidden>
        <header className={styles.header}>
          <h1 className={styles.title} aria-live="polite">
            {title}
          </h1>
          <div className={styles.steps}>
            <IconButton size="sm" label={`Previous ${view}`} onClick={() => step(-1)}>
              <ChevronLeft aria-hidden />
            </IconButton>
            <Button
              size="sm"
              onClick={() => go(today)}
              disabled={days.includes(today) && day === today}
            >
              Today
            </Button>
            <IconButton size="sm" tipAlign="end" label={`Next ${view}`} onClick={() => step(1)}>
              <ChevronRight aria-hidden />
            </IconButton>
          </div>
          <p className={styles.zone} title={zone}>
            {zoneCity(zone)} time ({formatOffset(zone, now)})
          </p>
          <div className={styles.right}>
            <Segmented
              label="View"
              value={view}
              onChange={setView}
              options={[
                { value: 'month', label: 'Month', icon: <CalendarDays aria-hidden /> },
                { value: 'week', label: 'Week', icon: <Columns3 aria-hidden /> },
              ]}
            />
            {mayWrite && (
              <ButtonLink
                to="/compose"
                variant="primary"
                icon={<Plus aria-hidden />}
                className={styles.write}
              >
                New post
              </ButtonLink>
            )}
          </div>
        </header>
        <Filters search={search} onChange={change} />
        {posts.isError ? (
          <ErrorState error={posts.error} onRetry={() => void posts.refetch()} />
        ) : (
          <Suspense fallback={<Waiting />}>
            {posts.isPending ? (
              <Waiting />
            ) : narrow ? (
              <Agenda days={days} posts={grouped} />
            ) : (
              <>
                {posts.data.length === 0 && (
                  <p className={styles.empty}>
                    {search.status || search.accountId || search.platform
                      ? 'No post fits the filters here.'
                      : `Nothing is scheduled ${view === 'month' ? 'this month' : 'this week'}. Point at a day to plan a post for it.`}
                  </p>
                )}
                {view === 'month' ? (
                  <MonthView day={day} posts={grouped} />
                ) : (
                  <WeekView day={day} posts={grouped} />
                )}
              </>
            )}
          </Suspense>
        )}
        {lifted?.by === 'pointer' && (
          <div
            className={styles.ghost}
            data-refused={!lifted.allowed || undefined}
            style={{ left: lifted.x, top: lifted.y }}
            aria-hidden
          >
            <strong>{localOf(lifted.slot).slice(11)}</strong> {shortName(lifted.post)}
          </div>
        )}
      </div>
    </Calendar>
  );
}

function Filters({
  search,
  onChange,
}: {
  search: { status?: string; accountId?: string; platform?: string };
  onChange: (next: { status?: string; accountId?: string; platform?: string }) => void;
}) {
  const any = search.status ?? search.accountId ?? search.platform;
  const clear = () => onChange({ status: undefined, accountId: undefined, platform: undefined });
  return (
    <PostFilters
      chosen={search}
      onChange={onChange}
      onClear={any ? clear : undefined}
      className={styles.filters}
    >
      <Select
        controlSize="sm"
        aria-label="State"
        value={search.status ?? ''}
        onChange={(event) => onChange({ status: event.target.value || undefined })}
      >
        <option value="">Every state</option>
        {(['scheduled', 'published', 'failed', 'needs_attention', 'cancelled'] as const).map(
          (status) => (
            <option key={status} value={status}>
              {STATUS[status].label}
            </option>
          ),
        )}
      </Select>
    </PostFilters>
  );
}

function Waiting() {
  return (
    <Loading label="Loading the calendar">
      <div className={styles.waiting}>
        {Array.from({ length: 21 }, (_, cell) => (
          <Skeleton key={cell} height="7rem" />
        ))}
      </div>
    </Loading>
  );
}
