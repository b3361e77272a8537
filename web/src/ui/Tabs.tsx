import { createContext, use, useEffect, useId, type KeyboardEvent, type ReactNode } from 'react';
import { revealInRow } from '@/lib/scroll';
import { cx } from './cx';
import styles from './Tabs.module.css';

interface TabsContext {
  id: string;
  value: string;
}

const Context = createContext<TabsContext | null>(null);

export interface TabsProps {
  value: string;
  onValueChange: (value: string) => void;
  /** Names the row of tabs for screen readers. */
  label: string;
  tabs: { value: string; label: ReactNode; icon?: ReactNode }[];
  className?: string;
  /** TabPanel elements. */
  children: ReactNode;
}

/** How far an arrow key moves; Home and End are handled by themselves. */
const STEP: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

/** Tabs after the WAI-ARIA pattern: one Tab stop, arrows change the tab, the panel follows. */
export function Tabs({ value, onValueChange, label, tabs, className, children }: TabsProps) {
  const id = useId();

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const step = STEP[event.key];
    const target =
      event.key === 'Home'
        ? tabs[0]
        : event.key === 'End'
          ? tabs.at(-1)
          : step && tabs[(at + step + tabs.length) % tabs.length];
    if (!target) return;
    event.preventDefault();
    onValueChange(target.value);
    document.getElementById(`${id}-tab-${target.value}`)?.focus();
  };

  // On a phone the row of tabs may be wider than the screen.
  useEffect(() => revealInRow(document.getElementById(`${id}-tab-${value}`)), [id, value]);

  return (
    <Context value={{ id, value }}>
      <div className={className}>
        <div
          className={styles.list}
          role="tablist"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
        >
          {tabs.map((tab) => {
            const active = tab.value === value;
            return (
              <button
                key={tab.value}
                id={`${id}-tab-${tab.value}`}
                type="button"
                role="tab"
                className={styles.tab}
                aria-selected={active}
                aria-controls={active ? `${id}-panel-${tab.value}` : undefined}
                tabIndex={active ? 0 : -1}
                onClick={() => onValueChange(tab.value)}
              >
                {tab.icon}
                {tab.label}
              </button>
            );
          })}
        </div>
        {children}
      </div>
    </Context>
  );
}

/** What belongs to one tab; it exists only while that tab is chosen. */
export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string;
  children: ReactNode;
}) {
  const tabs = use(Context);
  if (tabs?.value !== value) return null;
  return (
    <div
      id={`${tabs.id}-panel-${value}`}
      role="tabpanel"
      aria-labelledby={`${tabs.id}-tab-${value}`}
      className={cx(styles.panel, className)}
    >
      {children}
    </div>
  );
}
