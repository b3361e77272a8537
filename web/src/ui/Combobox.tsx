import { ChevronsUpDown } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import styles from './Combobox.module.css';
import { cx } from './cx';
import { TextInput } from './Field';

export interface ComboboxOption {
  value: string;
  label: string;
  /** Small text at the right end. */
  note?: string;
  /** Further words it is found by. */
  keywords?: string;
}

export interface ComboboxProps {
  value: string;
  onChange: (value: string) => void;
  options: ComboboxOption[];
  placeholder?: string;
  disabled?: boolean;
}

/** More would make the list slow and no easier to choose from. */
const SHOWN = 60;

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/[_/,-]+/g, ' ')
    .toLowerCase();
}

/** The options in which every word of `query` occurs, those that start with it first. */
export function matchOptions(options: ComboboxOption[], query: string): ComboboxOption[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return options.slice(0, SHOWN);
  const found: { option: ComboboxOption; rank: number }[] = [];
  for (const option of options) {
    const text = plain(`${option.label} ${option.note ?? ''} ${option.keywords ?? ''}`);
    if (!words.every((word) => text.includes(word))) continue;
    const first = words[0] ?? '';
    found.push({ option, rank: text.startsWith(first) ? 0 : text.includes(` ${first}`) ? 1 : 2 });
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN)
    .map(({ option }) => option);
}

/** A text field that finds one of many options. Put it inside a Field. */
export function Combobox({ value, onChange, options, placeholder, disabled }: ComboboxProps) {
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const open = query !== null;
  const chosen = options.find((option) => option.value === value);
  const matches = useMemo(() => (open ? matchOptions(options, query) : []), [open, options, query]);

  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active, matches]);

  const show = (text: string) => {
    setQuery(text);
    const at = text === '' ? matchOptions(options, '').findIndex((o) => o.value === value) : 0;
    setActive(Math.max(at, 0));
  };

  const choose = (option: ComboboxOption | undefined) => {
    if (option) onChange(option.value);
    setQuery(null);
  };

  return (
    <div className={styles.root}>
      <TextInput
        role="combobox"
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && matches[active] ? `${listId}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        placeholder={open ? (chosen?.label ?? placeholder) : placeholder}
        value={open ? query : (chosen?.label ?? value)}
        end={
          <ChevronsUpDown
            size={16}
            aria-hidden
            style={{ marginRight: 10, pointerEvents: 'none' }}
          />
        }
        onClick={() => !open && show('')}
        onChange={(event) => show(event.target.value)}
        onBlur={() => setQuery(null)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            if (!open) show('');
            else {
              const step = event.key === 'ArrowDown' ? 1 : -1;
              setActive((active + step + matches.length) % Math.max(matches.length, 1));
            }
          } else if (event.key === 'Enter' && open) {
            event.preventDefault();
            choose(matches[active]);
          } else if (event.key === 'Escape' && open) {
            // The dialog around it stays open.
            event.stopPropagation();
            setQuery(null);
          }
        }}
      />
      {open && (
        <div ref={list} id={listId} role="listbox" aria-label="Matches" className={styles.list}>
          {matches.map((option, index) => (
            // The keyboard is handled by the field, which keeps the focus (aria-activedescendant).
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={option.value}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={option.value === value}
              className={cx(styles.option, index === active && styles.active)}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(index)}
              onClick={() => choose(option)}
            >
              <span className={styles.label}>{option.label}</span>
              {option.note && <span className={styles.note}>{option.note}</span>}
            </div>
          ))}
          {matches.length === 0 && <div className={styles.none}>Nothing matches “{query}”.</div>}
        </div>
      )}
    </div>
  );
}
