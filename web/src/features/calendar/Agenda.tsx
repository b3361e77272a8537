import { CalendarPlus } from 'lucide-react';
import type { Post } from '@/api/types';
import { PostRow } from '@/features/posts/PostRow';
import { formatDay, type Day } from '@/lib/dates';
import { ButtonLink } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { EmptyState } from '@/ui/EmptyState';
import styles from './Agenda.module.css';
import { useCalendar } from './context';

/** The days of a view that have posts, one below the other: the calendar of narrow screens. */
export default function Agenda({ days, posts }: { days: Day[]; posts: Map<Day, Post[]> }) {
  const { today, mayWrite } = useCalendar();
  const busy = days.filter((day) => posts.has(day));
  if (busy.length === 0) {
    return (
      <EmptyState
        icon={<CalendarPlus />}
        title="Nothing here yet"
        actions={
          mayWrite && (
            <ButtonLink to="/compose" variant="primary">
              Write a post
            </ButtonLink>
          )
        }
      >
        <p>No post is scheduled in this time.</p>
      </EmptyState>
    );
  }
  return (
    <div className={styles.agenda}>
      {busy.map((day) => (
        <section key={day} aria-label={formatDay(day, { long: true })}>
          <h2 className={styles.day} data-past={day < today || undefined}>
            {day === today ? 'Today, ' : ''}
            {formatDay(day, { long: true })}
          </h2>
          <Card flush>
            <ul>
              {posts.get(day)?.map((post) => (
                <PostRow key={post.id} post={post} />
              ))}
            </ul>
          </Card>
        </section>
      ))}
    </div>
  );
}
