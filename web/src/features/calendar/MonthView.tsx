import { Plus } from 'lucide-react';
import type { Post } from '@/api/types';
import { firstChoice } from '@/features/posts/schedule/schedule';
import { formatDay, formatWeekday, monthWeeks, startOfMonth, type Day } from '@/lib/dates';
import { Link } from '@/router/Link';
import { cx } from '@/ui/cx';
import { useCalendar } from './context';
import { MorePosts } from './DayPosts';
import styles from './MonthView.module.css';
import { PostChip } from './PostChip';

/** Posts a day shows; one more fits where "+1 more" would stand. */
const ROOM = 3;

interface MonthViewProps {
  day: Day;
  posts: Map<Day, Post[]>;
}

/** A month as weeks of days. */
export default function MonthView({ day, posts }: MonthViewProps) {
  const weeks = monthWeeks(day);
  return (
    <div className={styles.month}>
      <div className={styles.names} aria-hidden>
        {weeks[0]?.map((name) => (
          <span key={name}>{formatWeekday(name)}</span>
        ))}
      </div>
      <div className={styles.weeks}>
        {weeks.flat().map((each) => (
          <DayCell
            key={each}
            day={each}
            other={startOfMonth(each) !== startOfMonth(day)}
            posts={posts.get(each) ?? []}
          />
        ))}
      </div>
    </div>
  );
}

function DayCell({ day, other, posts }: { day: Day; other: boolean; posts: Post[] }) {
  const { today, now, zone, moving, mayWrite } = useCalendar();
  const target = moving?.slot.day === day ? moving : null;
  const shown = posts.length <= ROOM + 1 ? posts : posts.slice(0, ROOM);
  const past = day < today;
  return (
    <section
      className={cx(
        styles.day,
        other && styles.other,
        past && styles.past,
        day === today && styles.today,
        target && (target.allowed ? styles.target : styles.refused),
      )}
      data-day={day}
      aria-label={formatDay(day, { long: true })}
    >
      <header className={styles.head}>
        <span className={styles.number} aria-current={day === today ? 'date' : undefined}>
          {Number(day.slice(8))}
        </span>
        {mayWrite && !past && (
          <Link
            to="/compose"
            search={{ at: day === today ? firstChoice(now, zone) : `${day}T09:00` }}
            className={styles.add}
            aria-label={`New post on ${formatDay(day, { long: true })}`}
          >
            <Plus aria-hidden />
          </Link>
        )}
      </header>
      {shown.map((post) => (
        <PostChip key={post.id} post={post} />
      ))}
      {shown.length < posts.length && (
        <MorePosts day={day} posts={posts} hidden={posts.length - shown.length} />
      )}
    </section>
  );
}
