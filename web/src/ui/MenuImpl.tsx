import * as Radix from '@radix-ui/react-dropdown-menu';
import { Check } from 'lucide-react';
import { Link } from '@/router/Link';
import { cx } from './cx';
import type { MenuAction, MenuEntry, MenuProps } from './Menu';
import styles from './Menu.module.css';

function Item({ item }: { item: MenuAction }) {
  const inside = (
    <>
      {item.icon}
      <span className={styles.grow}>{item.label}</span>
      {item.note && <span className={styles.note}>{item.note}</span>}
      {item.checked && <Check aria-label="chosen" />}
    </>
  );
  const shared = {
    className: cx(styles.item, item.danger && styles.danger),
    disabled: item.disabled,
    onSelect: item.onSelect,
  };
  if (item.to) {
    return (
      <Radix.Item {...shared} asChild>
        <Link to={item.to}>{inside}</Link>
      </Radix.Item>
    );
  }
  if (item.href) {
    return (
      <Radix.Item {...shared} asChild>
        <a href={item.href} target="_blank" rel="noreferrer">
          {inside}
        </a>
      </Radix.Item>
    );
  }
  return <Radix.Item {...shared}>{inside}</Radix.Item>;
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (!entry) return null;
  if (entry === 'separator') return <Radix.Separator className={styles.separator} />;
  if ('heading' in entry)
    return <Radix.Label className={styles.label}>{entry.heading}</Radix.Label>;
  return <Item item={entry} />;
}

/** Mounted by the press that asks for it, so it begins open. Not modal: the page keeps scrolling, and no <style> element is written. */
export default function MenuImpl({
  trigger,
  items,
  align = 'end',
  side = 'bottom',
  className,
}: MenuProps) {
  return (
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={cx(styles.panel, className)}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={12}
          loop
        >
          {items.map((entry, index) => (
            <Entry key={index} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
