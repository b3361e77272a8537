import { useQuery } from '@tanstack/react-query';
import {
  ArrowRight,
  BookOpen,
  FileText,
  Images,
  KeyRound,
  Link2,
  Moon,
  PenLine,
  Search,
  Sun,
  UserPlus,
} from 'lucide-react';
import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';
import { setTheme } from '@/lib/theme';
import { useDebounced } from '@/lib/useDebounced';
import { navigate } from '@/router/history';
import { useCan, useMe } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { STATUS } from '@/ui/Badge';
import { cx } from '@/ui/cx';
import { Dialog } from '@/ui/Dialog';
import styles from './CommandPalette.module.css';
import { matchCommands, type Command } from './commands';
import { useSwitchOrganization } from './menus';
import { NAV } from './nav';

interface Entry extends Command {
  icon: ReactNode;
  run: () => void;
}

function useCommands(): Entry[] {
  const { organization, organizations } = useMe();
  const mayWrite = useCan('posts:write');
  const switchTo = useSwitchOrganization();
  const pages = [
    ...NAV,
    { to: '/networks' as const, label: 'What networks take', Icon: BookOpen },
  ].map(({ to, label, Icon }) => ({
    group: 'Go to',
    label,
    icon: <Icon aria-hidden />,
    run: () => void navigate({ to }),
  }));
  const deeds: (Entry | false)[] = [
    mayWrite && {
      group: 'Do',
      label: 'New post',
      keywords: 'write compose schedule',
      icon: <PenLine aria-hidden />,
      run: () => void navigate({ to: '/compose' }),
    },
    {
      group: 'Do',
      label: 'Connect an account',
      keywords: 'network profile page channel',
      icon: <Link2 aria-hidden />,
      run: () => void navigate({ to: '/accounts', search: { connect: '1' } }),
    },
    {
      group: 'Do',
      label: 'Upload media',
      keywords: 'image library',
      icon: <Images aria-hidden />,
      run: () => void navigate({ to: '/media' }),
    },
    {
      group: 'Do',
      label: 'Invite someone',
      keywords: 'members people team',
      icon: <UserPlus aria-hidden />,
      run: () => void navigate({ to: '/settings/members' }),
    },
    {
      group: 'Do',
      label: 'API tokens',
      keywords: 'key script n8n',
      icon: <KeyRound aria-hidden />,
      run: () => void navigate({ to: '/settings/tokens' }),
    },
    {
      group: 'Do',
      label: 'Light theme',
      keywords: 'appearance colour',
      icon: <Sun aria-hidden />,
      run: () => setTheme('light'),
    },
    {
      group: 'Do',
      label: 'Dark theme',
      keywords: 'appearance colour',
      icon: <Moon aria-hidden />,
      run: () => setTheme('dark'),
    },
  ];
  const switches = organizations
    .filter((item) => item.id !== organization.id)
    .map((item) => ({
      group: 'Switch to',
      label: item.name,
      keywords: 'organisation switch',
      icon: <Avatar name={item.name} size={20} square />,
      run: () => void switchTo(item.id, item.name),
    }));
  return [...deeds.filter((deed) => deed !== false), ...pages, ...switches];
}

/** Posts that contain what was typed. */
function usePostEntries(query: string): Entry[] {
  const search = useDebounced(query.trim(), 200);
  const found = useQuery({
    queryKey: [keys.posts, 'palette', search],
    queryFn: () =>
      unwrap(api.GET('/posts', { params: { query: { search, limit: 6, sort: '-updatedAt' } } })),
    enabled: search.length >= 2,
  });
  if (search.length < 2 || !found.data) return [];
  return found.data.data.map((post) => ({
    group: 'Posts',
    label: post.title ?? post.parts[0]?.text ?? 'Without text',
    note: STATUS[post.status].label,
    icon: <FileText aria-hidden />,
    run: () => void navigate({ to: '/posts/$id', params: { id: post.id } }),
  }));
}

export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const entries = [...matchCommands(useCommands(), query), ...usePostEntries(query)];
  const at = Math.min(active, Math.max(entries.length - 1, 0));

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Find and do anything"
      bare
      size="md"
      className={styles.panel}
    >
      <div className={styles.search}>
        <Search aria-hidden />
        <input
          className={styles.input}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined}
          aria-label="Find and do anything"
          placeholder="Where to, or what to do?"
          autoComplete="off"
          spellCheck={false}
          // The palette is opened to type into it.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
              event.preventDefault();
              const step = event.key === 'ArrowDown' ? 1 : -1;
              setActive((at + step + entries.length) % Math.max(entries.length, 1));
            } else if (event.key === 'Enter') {
              event.preventDefault();
              run(entries[at]);
            }
          }}
        />
      </div>
      <div ref={list} id={listId} className={styles.list} role="listbox" aria-label="Matches">
        {entries.map((entry, index) => (
          <div key={`${entry.group}-${index}`} role="presentation">
            {entries[index - 1]?.group !== entry.group && (
              <div className={styles.group} role="presentation">
                {entry.group}
              </div>
            )}
            {/* The keyboard is handled by the field, which keeps the focus (aria-activedescendant). */}
            {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events */}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={cx(styles.entry, index === at && styles.active)}
              onPointerMove={() => setActive(index)}
              onClick={() => run(entry)}
            >
              {entry.icon}
              <span className={styles.label}>{entry.label}</span>
              {entry.note && <span className={styles.note}>{entry.note}</span>}
              {index === at && <ArrowRight aria-hidden className={styles.go} />}
            </div>
          </div>
        ))}
        {entries.length === 0 && <p className={styles.none}>Nothing matches “{query}”.</p>}
      </div>
    </Dialog>
  );
}
