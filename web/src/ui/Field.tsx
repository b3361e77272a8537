import { ChevronDown, CircleAlert } from 'lucide-react';
import {
  createContext,
  use,
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { cx } from './cx';
import styles from './Field.module.css';

interface FieldContext {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const Context = createContext<FieldContext | null>(null);

export interface FieldProps {
  /** The control's id, where something else must find it. */
  id?: string;
  label: ReactNode;
  /** A sentence that helps before anything is wrong. */
  hint?: ReactNode;
  /** What is wrong with the value; shown instead of the hint. */
  error?: string | undefined;
  /** Says "optional" behind the label. Fields are required unless they say so. */
  optional?: boolean;
  /** Stands at the label's right end, for instance a link or a counter. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** Label, control, hint and error tied together for everyone. Put exactly one control inside. */
export function Field({
  label,
  hint,
  error,
  optional,
  aside,
  className,
  children,
  ...own
}: FieldProps) {
  const fresh = useId();
  const id = own.id ?? fresh;
  const note = `${id}-note`;
  return (
    <Context
      value={{
        id,
        describedBy: error || hint ? note : undefined,
        invalid: Boolean(error),
        required: !optional,
      }}
    >
      <div className={cx(styles.field, className)}>
        <div className={styles.labelRow}>
          <label className={styles.label} htmlFor={id}>
            {label}
            {optional && <span className={styles.optional}> (optional)</span>}
          </label>
          {aside}
        </div>
        {children}
        {error ? (
          <p id={note} className={styles.error}>
            <CircleAlert aria-hidden />
            <span>{error}</span>
          </p>
        ) : (
          hint && (
            <p id={note} className={styles.hint}>
              {hint}
            </p>
          )
        )}
      </div>
    </Context>
  );
}

/** The attributes a control takes from the Field around it. */
export function useFieldControl() {
  const field = use(Context);
  if (!field) return {};
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
    'aria-required': field.required || undefined,
  } as const;
}

export interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'size'> {
  controlSize?: 'sm' | 'md';
  /** An icon inside the left end. */
  start?: ReactNode;
  /** A small button inside the right end. */
  end?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function TextInput({ className, controlSize, start, end, ...rest }: TextInputProps) {
  const input = (
    <input
      {...useFieldControl()}
      {...rest}
      className={cx(
        styles.control,
        controlSize === 'sm' && styles.sm,
        start != null && styles.hasStart,
        end != null && styles.hasEnd,
        className,
      )}
    />
  );
  if (start == null && end == null) return input;
  return (
    <span className={styles.affixed}>
      {start != null && <span className={styles.start}>{start}</span>}
      {input}
      {end != null && <span className={styles.end}>{end}</span>}
    </span>
  );
}

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  /** Grows with its text. */
  grow?: boolean;
  ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({ className, grow, ...rest }: TextAreaProps) {
  return (
    <textarea
      {...useFieldControl()}
      {...rest}
      className={cx(styles.control, grow && styles.grow, className)}
    />
  );
}

export interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  controlSize?: 'sm' | 'md';
  ref?: Ref<HTMLSelectElement>;
}

/** The platform's own select, which phones and screen readers know best. Put <option>s inside. */
export function Select({ className, controlSize, children, ...rest }: SelectProps) {
  return (
    <span className={styles.selectBox}>
      <select
        {...useFieldControl()}
        {...rest}
        className={cx(styles.control, controlSize === 'sm' && styles.sm, className)}
      >
        {children}
      </select>
      <ChevronDown aria-hidden />
    </span>
  );
}
