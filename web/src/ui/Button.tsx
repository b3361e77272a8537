import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Link, type LinkProps } from '@/router/Link';
import styles from './Button.module.css';
import { cx } from './cx';
import { Spinner } from './Spinner';

interface Look {
  variant?: 'primary' | 'secondary' | 'ghost' | 'soft' | 'danger' | 'dangerGhost';
  size?: 'sm' | 'md' | 'lg';
  /** Fills the width of its container. */
  block?: boolean;
  icon?: ReactNode;
}

function look({ variant = 'secondary', size = 'md', block }: Look): string {
  return cx(styles.button, styles[variant], size !== 'md' && styles[size], block && styles.block);
}

export interface ButtonProps extends Look, ButtonHTMLAttributes<HTMLButtonElement> {
  /** Shows a spinner and refuses clicks, while the width stays. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant,
  size,
  block,
  icon,
  busy,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(look({ variant, size, block }), busy && styles.busy, className)}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
    >
      {busy && (
        <span className={styles.spinner}>
          <Spinner size={16} />
        </span>
      )}
      {icon}
      {children != null && <span>{children}</span>}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'block' | 'children'> {
  /** The accessible name, shown as a tip on hover and focus. */
  label: string;
  children: ReactNode;
  /** Which edge of the button the tip keeps to; use start or end near the window's edge. */
  tipAlign?: 'start' | 'center' | 'end';
  tipSide?: 'top' | 'bottom';
}

export function IconButton({
  label,
  variant = 'ghost',
  size,
  busy,
  className,
  children,
  tipAlign = 'center',
  tipSide = 'bottom',
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={cx(
        look({ variant, size }),
        styles.icon,
        styles.tip,
        tipAlign === 'start' && styles.tipStart,
        tipAlign === 'end' && styles.tipEnd,
        tipSide === 'top' && styles.tipTop,
        className,
      )}
    >
      {busy ? <Spinner size={16} /> : children}
    </button>
  );
}

type AnchorProps = Look &
  AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> };

/** A plain link that looks like a button, for addresses outside the app. */
export function ButtonAnchor({
  variant,
  size,
  block,
  icon,
  className,
  children,
  ...rest
}: AnchorProps) {
  return (
    <a {...rest} className={cx(look({ variant, size, block }), className)}>
      {icon}
      <span>{children}</span>
    </a>
  );
}

/** A link inside the app that looks like a button: `<ButtonLink to="/compose" variant="primary">`. */
export function ButtonLink({
  variant,
  size,
  block,
  icon,
  className,
  children,
  ...rest
}: Look & LinkProps) {
  return (
    <Link {...rest} className={cx(look({ variant, size, block }), className)}>
      {icon}
      <span>{children}</span>
    </Link>
  );
}
