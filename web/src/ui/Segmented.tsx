import { useId, type ReactNode } from 'react';
import styles from './Segmented.module.css';

export interface SegmentedProps<V extends string> {
  value: V;
  onChange: (value: V) => void;
  /** Names the choice for screen readers. */
  label: string;
  options: { value: V; label: ReactNode; icon?: ReactNode }[];
}

/** A few choices of which one holds, side by side (radio buttons underneath). */
export function Segmented<V extends string>({
  value,
  onChange,
  label,
  options,
}: SegmentedProps<V>) {
  const name = useId();
  return (
    <div className={styles.group} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
