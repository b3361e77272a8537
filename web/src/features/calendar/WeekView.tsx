import { useEffect, useRef } from 'react';
import type { Post } from '@/api/types';
import {
  formatDay,
  formatOffset,
  formatTime,
  formatWeekday,
  resolveLocal,
  weekDays,
  type Day,
} from '@/lib/dates';
import { Link } from '@/router/Link';
import { cx } from '@/ui/cx';
import { useCalendar } from './context';
import { MorePosts } from './DayPosts';
import { hourKind, layoutDay, localOf, slotOf } from './grid';
import { PostChip } from './PostChip';
import styles from './WeekView.module.css';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Minutes a chip covers in the height of the grid, and how many stand side by side at most. */
const CHIP_MINUTES = 50;
const SIDE_BY_SIDE = 3;

/** Where something stands in a day's column, in per cent of its height. */
const share = (minute: number) => `${(minute / 1440) * 100}%`;

interface WeekViewProps {
  day: Day;
  posts: Map<Day, Post[]>;
}

/** A week as seven columns of hours, by the wall clock of the organisation. */
export default function WeekView({ day, posts }: WeekViewProps) {
  const { today, zone } = useCalendar();
  const days = weekDays(day);
  const scroller = useRef<HTMLDivElement>(null);

  // Nobody looks for the night: the grid opens a little before now, or in the morning.
  const shown = days[0];
  useEffect(() => {
    const box = scroller.current;
    if (!box || !shown) return;
    const { day: current, minute } = slotOf(new Date(), zone);
    const first = weekDays(current)[0] === shown ? Math.max(minute - 120, 0) : 7 * 60;
    box.scrollTop = (first / 1440) * (box.scrollHeight - box.clientHeight * 0.1);
  }, [shown, zone]);

  return (
    <div className={styles.week} ref={scroller}>
      <div className={styles.names}>
        <span className={styles.zone} title={zone}>
          {formatOffset(zone, resolveLocal(`${days[0] ?? today}T12:00`, zone))}
        </span>
        {days.map((each) => (
          <h2 key={each} className={cx(styles.name, each === today && styles.today)}>
            {formatWeekday(each)} <span>{Number(each.slice(8))}</span>
          </h2>
        ))}
      </div>
      <div className={styles.grid}>
        <div className={styles.hours} aria-hidden>
          {HOURS.slice(1).map((hour) => (
            <span key={hour} style={{ top: share(hour * 60) }}>
              {formatTime(
                resolveLocal(`2026-01-01T${String(hour).padStart(2, '0')}:00`, 'UTC'),
                'UTC',
              )}
            </span>
          ))}
        </div>
        {days.map((each) => (
          <DayColumn key={each} day={each} posts={posts.get(each) ?? []} />
        ))}
      </div>
    </div>
  );
}

function DayColumn({ day, posts }: { day: Day; posts: Post[] }) {
  const { zone, today, now, moving, mayWrite } = useCalendar();
  const current = slotOf(now, zone);
  const items = posts.map((post) => ({
    item: post,
    minute: slotOf(post.scheduledAt ?? now, zone).minute,
  }));
  const { placed, crowds } = layoutDay(items, CHIP_MINUTES, SIDE_BY_SIDE);
  const target = moving?.slot.day === day ? moving : null;

  return (
    <section
      className={cx(styles.column, day < today && styles.past)}
      data-day={day}
      data-hours=""
      aria-label={formatDay(day, { long: true })}
    >
      {HOURS.map((hour) => {
        const kind = hourKind(day, hour, zone);
        const over = day < today || (day === today && hour * 60 <= current.minute);
        const slot = { day, minute: hour * 60 };
        return (
          <div key={hour} className={cx(styles.hour, styles[kind])}>
            {kind === 'skipped' && <span className={styles.note}>The clocks skip this hour</span>}
            {kind === 'twice' && <span className={styles.note}>Comes twice</span>}
            {kind !== 'skipped' && !over && mayWrite && (
              <Link
                to="/compose"
                search={{ at: localOf(slot) }}
                className={styles.add}
                // A stop for every hour of the week would bury the posts; New post is a key away.
                tabIndex={-1}
                aria-label={`New post, ${formatDay(day)} ${localOf(slot).slice(11)}`}
                draggable={false}
              >
                + {localOf(slot).slice(11)}
              </Link>
            )}
          </div>
        );
      })}
      {placed.map(({ item, minute, column, columns }) => (
        <div
          key={item.id}
          className={styles.slot}
          style={{
            top: share(minute),
            height: share(CHIP_MINUTES),
            left: `${(column / columns) * 100}%`,
            width: `${100 / columns}%`,
          }}
        >
          <PostChip post={item} tall />
        </div>
      ))}
      {crowds.map(({ minute, items: rest }) => (
        <div
          key={minute}
          className={styles.slot}
          style={{
            top: share(minute),
            height: share(CHIP_MINUTES),
            left: `${((SIDE_BY_SIDE - 1) / SIDE_BY_SIDE) * 100}%`,
            width: `${100 / SIDE_BY_SIDE}%`,
          }}
        >
          <MorePosts day={day} posts={rest} hidden={rest.length} className={styles.crowd} />
        </div>
      ))}
      {day === today && (
        <span className={styles.now} style={{ top: share(current.minute) }} aria-hidden />
      )}
      {target && (
        <div
          className={cx(styles.landing, !target.allowed && styles.refused)}
          style={{ top: share(target.slot.minute), height: share(CHIP_MINUTES) }}
        >
          {localOf(target.slot).slice(11)}
          {!target.allowed && ' · not possible'}
        </div>
      )}
    </section>
  );
}
