import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import { IconButton } from './Button';
import { cx } from './cx';
import type { DialogProps } from './Dialog';
import styles from './Dialog.module.css';
import { VisuallyHidden } from './VisuallyHidden';

/**
 * A modal dialog. Radix keeps the focus and the page behind it; the scrim is our own element, because Radix's overlay
 * writes a <style> element to lock scrolling, which the content security policy forbids (see base.css for the lock).
 */
export default function DialogImpl({
  open,
  onOpenChange,
  title,
  description,
  size = 'sm',
  footer,
  sticky,
  bare,
  className,
  children,
}: DialogProps) {
  const opener = useRef<HTMLElement | null>(null);
  const keep = sticky ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <div className={styles.scrim} data-scrim="">
          <Radix.Content
            className={cx(styles.panel, styles[size], className)}
            // Radix would take the first thing to press, which is Close; its tip would lie over the dialog.
            onOpenAutoFocus={(event) => {
              opener.current = document.activeElement as HTMLElement | null;
              event.preventDefault();
              (event.currentTarget as HTMLElement).focus();
            }}
            // Radix would give the focus back to a trigger of its own, which these dialogs do not have.
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              const before = opener.current;
              const back = before?.isConnected ? before : document.getElementById('main');
              back?.focus({ preventScroll: true });
            }}
            onEscapeKeyDown={keep}
            onInteractOutside={keep}
            {...(description ? {} : { 'aria-describedby': undefined })}
          >
            {bare ? (
              <VisuallyHidden>
                <Radix.Title>{title}</Radix.Title>
              </VisuallyHidden>
            ) : (
              <div className={styles.head}>
                <div className={styles.heading}>
                  <Radix.Title className={styles.title}>{title}</Radix.Title>
                  {description && (
                    <Radix.Description className={styles.description}>
                      {description}
                    </Radix.Description>
                  )}
                </div>
                <Radix.Close asChild>
                  <IconButton label="Close" size="sm" tipAlign="end">
                    <X aria-hidden />
                  </IconButton>
                </Radix.Close>
              </div>
            )}
            {bare ? children : <div className={styles.body}>{children}</div>}
            {footer && <div className={styles.foot}>{footer}</div>}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
