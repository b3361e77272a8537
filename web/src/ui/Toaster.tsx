import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { cx } from './cx';
import { dismissToast, toastStore, type Toast } from './toast';
import styles from './Toaster.module.css';

const ICONS = { info: Info, success: CircleCheck, danger: CircleAlert };

/** Milliseconds a toast stays; one with a deed or bad news stays longer. */
function lifetime(item: Toast): number {
  return item.action || item.tone === 'danger' ? 9000 : 4500;
}

function ToastItem({ item }: { item: Toast }) {
  const [held, setHeld] = useState(false);
  const Icon = ICONS[item.tone];

  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(item.id), lifetime(item));
    return () => clearTimeout(timer);
  }, [held, item]);

  return (
    // Not a control: pointer and focus only hold the clock while someone reads.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={cx(styles.toast, styles[item.tone])}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon aria-hidden />
      <span className={styles.message}>{item.message}</span>
      {item.action && (
        <button
          type="button"
          className={styles.action}
          onClick={() => {
            item.action?.onClick();
            dismissToast(item.id);
          }}
        >
          {item.action.label}
        </button>
      )}
      <button
        type="button"
        className={styles.close}
        aria-label="Dismiss"
        onClick={() => dismissToast(item.id)}
      >
        <X aria-hidden />
      </button>
    </div>
  );
}

/** The live regions in which toasts appear. Once, at the root. */
export function Toaster() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.snapshot);
  const urgent = toasts.filter((item) => item.tone === 'danger');
  const calm = toasts.filter((item) => item.tone !== 'danger');
  return (
    <div className={styles.region}>
      <div role="alert">
        {urgent.map((item) => (
          <ToastItem key={item.id} item={item} />
        ))}
      </div>
      <div role="status">
        {calm.map((item) => (
          <ToastItem key={item.id} item={item} />
        ))}
      </div>
    </div>
  );
}
