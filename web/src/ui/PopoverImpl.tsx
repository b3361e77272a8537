import * as Radix from '@radix-ui/react-popover';
import { useState } from 'react';
import { cx } from './cx';
import type { PopoverProps } from './Popover';
import styles from './Popover.module.css';

/** Mounted by the press that asks for it, so it begins open. */
export default function PopoverImpl({
  trigger,
  label,
  align = 'start',
  side = 'bottom',
  flush,
  className,
  children,
}: PopoverProps) {
  const [open, setOpen] = useState(true);
  return (
    <Radix.Root open={open} onOpenChange={setOpen}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={cx(styles.panel, flush && styles.flush, className)}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={12}
          aria-label={label}
        >
          {children(() => setOpen(false))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
