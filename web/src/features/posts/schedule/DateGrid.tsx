import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import {
  addDays,
  addMonths,
  formatDay,
  formatMonth,
  formatWeekday,
  monthWeeks,
  startOfMonth,
  startOfWeek,
  type Day,
} from '@/lib/dates';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import styles from './DateGrid.module.css';

export interface DateGridProps {
  value: Day | null;
  onChange: (day: Day) => void;
  /** Today in the zone of the choice; earlier days cannot be chosen. */
  today: Day;
}

/** Where a key leads from a day, or null for keys that mean nothing here. */
function step(day: Day, key: string): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1);
    case 'ArrowRight':
      return addDays(day, 1);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'PageUp':
      return addMonths(day, -1);
    case 'PageDown':
      return addMonths(day, 1);
    case 'Home':
      return startOfWeek(day);
    case 'End':
      return addDays(startOfWeek(day), 6);
    default:
      return null;
  }
}

/** A month of days to choose one from; arrow keys move between days, Page Up and Down between months. */
export function DateGrid({ value, onChange, today }: DateGridProps) {
  const [cursor, setCursor] = useState<Day>(value ?? today);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value) setCursor(value);
  }
  const grid = useRef<HTMLTableElement>(null);
  const byKey = useRef(false);

  useEffect(() => {
    if (!byKey.current) return;
    byKey.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${cursor}"]`)?.focus();
  }, [cursor]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = step(cursor, event.key);
    if (!next) return;
    event.preventDefault();
    byKey.current = true;
    setCursor(next < today ? today : next);
  };
  const weeks = monthWeeks(cursor);
  const month = startOfMonth(cursor);

  return (
    <div className={styles.box}>
      <div className={styles.head}>
        <p className={styles.month} aria-live="polite">
          {formatMonth(cursor)}
        </p>
        <IconButton
          size="sm"
          label="Previous month"
          disabled={month <= today}
          onClick={() => setCursor(addMonths(month, -1) < today ? today : addMonths(month, -1))}
        >
          <ChevronLeft aria-hidden />
        </IconButton>
        <IconButton
          size="sm"
          label="Next month"
          tipAlign="end"
          onClick={() => setCursor(addMonths(month, 1))}
        >
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
      <table
        ref={grid}
        className={styles.grid}
        // The pattern for date pickers: w3.org/WAI/ARIA/apg/patterns/grid.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role
        role="grid"
        aria-label={formatMonth(cursor)}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col" abbr={formatWeekday(day, 'long')}>
                {formatWeekday(day, 'narrow')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} role="gridcell" aria-selected={day === value}>
                  <button
                    type="button"
                    data-day={day}
                    tabIndex={day === cursor ? 0 : -1}
                    disabled={day < today}
                    className={cx(
                      styles.day,
                      day === value && styles.chosen,
                      day === today && styles.today,
                      startOfMonth(day) !== month && styles.other,
                    )}
                    aria-label={formatDay(day, { long: true, year: true })}
                    aria-current={day === today ? 'date' : undefined}
                    onClick={() => onChange(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
