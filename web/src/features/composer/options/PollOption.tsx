import { Plus, X } from 'lucide-react';
import type { OptionField } from '@/api/types';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { Field, Select, TextInput } from '@/ui/Field';
import type { OptionProps } from './OptionInput';
import styles from './TargetOptions.module.css';

type PollRules = Extract<OptionField['kind'], { kind: 'poll' }>;

interface Poll {
  choices: string[];
  minutes: number;
  multiple?: boolean;
}

const HOUR = 60;
const DAY = 24 * HOUR;
/** What people choose from where a network takes any length. */
const USUAL = [5, 30, HOUR, 6 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];

function lengthName(minutes: number): string {
  const [number, unit] =
    minutes % DAY === 0
      ? [minutes / DAY, 'day']
      : minutes % HOUR === 0
        ? [minutes / HOUR, 'hour']
        : [minutes, 'minute'];
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

/** A question's answers and how long it can be voted on. */
export function PollOption({
  id,
  field,
  value,
  onChange,
  rules,
}: OptionProps & { rules: PollRules }) {
  const [first = DAY, last = DAY] = [rules.minutes[0], rules.minutes.at(-1)];
  const lengths = rules.anyDuration
    ? USUAL.filter((minutes) => minutes >= first && minutes <= last)
    : rules.minutes;
  const usual = lengths.includes(DAY) ? DAY : (lengths[0] ?? DAY);
  const poll = value as Poll | undefined;
  if (!poll) {
    const blank: Poll = {
      choices: Array.from({ length: rules.minChoices }, () => ''),
      minutes: usual,
    };
    return (
      <Button id={id} icon={<Plus aria-hidden />} onClick={() => onChange(blank)}>
        Add a poll
      </Button>
    );
  }
  const set = (change: Partial<Poll>) => onChange({ ...poll, ...change });
  return (
    <fieldset className={styles.poll}>
      <legend>{field.label}</legend>
      {poll.choices.map((choice, index) => (
        <div key={index} className={styles.row}>
          <TextInput
            id={index === 0 ? id : undefined}
            aria-label={`Answer ${index + 1}`}
            placeholder={`Answer ${index + 1}`}
            maxLength={rules.maxCharacters}
            value={choice}
            onChange={(event) => set({ choices: poll.choices.with(index, event.target.value) })}
          />
          {poll.choices.length > rules.minChoices && (
            <IconButton
              size="sm"
              label={`Remove answer ${index + 1}`}
              onClick={() => set({ choices: poll.choices.toSpliced(index, 1) })}
            >
              <X aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      <div className={styles.row}>
        <Field label="Runs for">
          <Select
            value={poll.minutes}
            onChange={(event) => set({ minutes: Number(event.target.value) })}
          >
            {lengths.map((minutes) => (
              <option key={minutes} value={minutes}>
                {lengthName(minutes)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {rules.multiple && (
        <Checkbox
          label="Several answers can be chosen"
          checked={poll.multiple ?? false}
          onChange={(event) => set({ multiple: event.target.checked })}
        />
      )}
      <div className={styles.row}>
        {poll.choices.length < rules.maxChoices && (
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            onClick={() => set({ choices: [...poll.choices, ''] })}
          >
            Add an answer
          </Button>
        )}
        <Button size="sm" variant="ghost" onClick={() => onChange(undefined)}>
          Remove the poll
        </Button>
      </div>
    </fieldset>
  );
}
