import { Clock, Globe } from 'lucide-react';
import { useId } from 'react';
import {
  browserTimeZone,
  dayOf,
  formatDateTime,
  formatDay,
  formatOffset,
  formatTime,
  fromLocal,
  resolveLocal,
  SECOND,
  zoneCity,
} from '@/lib/dates';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { TextInput } from '@/ui/Field';
import { Segmented } from '@/ui/Segmented';
import { useNow } from '../useNow';
import { DateGrid } from './DateGrid';
import { checkSchedule, clock, firstChoice, onDay, quickChoices } from './schedule';
import styles from './SchedulePicker.module.css';

export interface SchedulePickerProps {
  /** Wall time in `zone`, "2026-11-22T09:00"; null while nothing is chosen. */
  value: string | null;
  onChange: (local: string) => void;
  /** The organisation's zone. */
  zone: string;
}

/** Chooses a day and a time in the organisation's time zone, and says what that is for the reader. */
export function SchedulePicker({ value, onChange, zone }: SchedulePickerProps) {
  const now = useNow();
  const id = useId();
  const here = browserTimeZone();
  const check = value ? checkSchedule(value, zone, now) : null;
  const shown = value ?? firstChoice(now, zone);
  const today = dayOf(now, zone);

  return (
    <div className={styles.picker}>
      <ul className={styles.quick} aria-label="Quick choices">
        {quickChoices(now, zone).map((choice) => (
          <li key={choice.label}>
            <button
              type="button"
              className={styles.choice}
              aria-pressed={choice.local === value}
              onClick={() => onChange(choice.local)}
            >
              <span>{choice.label}</span>
              <span className={styles.time}>{clock(choice.local)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.main}>
        <DateGrid
          value={value?.slice(0, 10) ?? null}
          today={today}
          onChange={(day) => onChange(onDay(day, shown))}
        />
        <div className={styles.timeRow}>
          <label htmlFor={id} className={styles.label}>
            Time
          </label>
          <TextInput
            id={id}
            type="time"
            start={<Clock aria-hidden />}
            value={clock(shown)}
            aria-invalid={check && check.kind !== 'ok' ? true : undefined}
            aria-describedby={`${id}-note`}
            onChange={(event) => {
              if (event.target.value) onChange(`${shown.slice(0, 10)}T${event.target.value}`);
            }}
          />
        </div>
      </div>
      {value && fromLocal(value, zone).kind === 'twice' && (
        <Twice value={value} onChange={onChange} zone={zone} />
      )}
      <div id={`${id}-note`} className={styles.note} aria-live="polite">
        {check?.kind === 'ok' && value && (
          <p className={styles.zone}>
            <Globe aria-hidden />
            <span>
              <strong>
                {formatDay(value.slice(0, 10))}, {formatTime(check.instant, zone)}
              </strong>{' '}
              in {zoneCity(zone)} ({formatOffset(zone, check.instant)})
              {formatOffset(here, check.instant) !== formatOffset(zone, check.instant) && (
                <>
                  <br />
                  {formatDateTime(check.instant, here, now)} where you are, in {zoneCity(here)}
                </>
              )}
            </span>
          </p>
        )}
        {!check && (
          <p className={styles.zone}>
            <Globe aria-hidden />
            <span>
              Times are those of {zoneCity(zone)} ({formatOffset(zone, now)}).
            </span>
          </p>
        )}
        {check?.kind === 'past' && <Callout tone="warning">{check.message}</Callout>}
        {check?.kind === 'skipped' && (
          <Callout
            tone="warning"
            actions={
              <Button size="sm" onClick={() => onChange(check.suggestion)}>
                Use {clock(check.suggestion)}
              </Button>
            }
          >
            {check.message}
          </Callout>
        )}
      </div>
    </div>
  );
}

/** Chooses between the two instants at which the clock shows the same. */
function Twice({ value, onChange, zone }: { value: string } & SchedulePickerProps) {
  const wall = value.slice(0, 16);
  const offset = (local: string) => formatOffset(zone, resolveLocal(local, zone));
  return (
    <div className={styles.twice}>
      <p>The clocks go back that night and show {clock(wall)} twice.</p>
      <Segmented
        label="Which of the two"
        value={value}
        onChange={onChange}
        options={[
          { value: wall, label: `The first (${offset(wall)})` },
          { value: wall + SECOND, label: `The second (${offset(wall + SECOND)})` },
        ]}
      />
    </div>
  );
}
