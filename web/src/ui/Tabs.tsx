import * as Radix from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';
import { cx } from './cx';
import styles from './Tabs.module.css';

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

export function Tabs({ value, onValueChange, label, tabs, className, children }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} className={className}>
      <Radix.List className={styles.list} aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className={styles.tab}>
            {tab.icon}
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {children}
    </Radix.Root>
  );
}

export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Radix.Content value={value} className={cx(styles.panel, className)}>
      {children}
    </Radix.Content>
  );
}
