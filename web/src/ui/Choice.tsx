import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import styles from './Choice.module.css';
import { cx } from './cx';

interface ChoiceProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  label: ReactNode;
  hint?: ReactNode;
}

function Choice({
  type,
  label,
  hint,
  className,
  ...rest
}: ChoiceProps & { type: 'checkbox' | 'radio' }) {
  const id = useId();
  return (
    <label className={cx(styles.choice, className)} htmlFor={id}>
      <input
        {...rest}
        id={id}
        type={type}
        className={styles.box}
        aria-describedby={hint ? `${id}-hint` : undefined}
        aria-labelledby={`${id}-label`}
      />
      <span className={styles.text}>
        <span id={`${id}-label`} className={styles.label}>
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className={styles.hint}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

export function Checkbox(props: ChoiceProps) {
  return <Choice {...props} type="checkbox" />;
}

export function Radio(props: ChoiceProps) {
  return <Choice {...props} type="radio" />;
}
