import { Search, SearchX } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import type { Network } from '@/api/types';
import { count } from '@/lib/format';
import { Link } from '@/router/Link';
import { EmptyState } from '@/ui/EmptyState';
import { TextInput } from '@/ui/Field';
import { NetworkIcon } from '@/ui/NetworkIcon';
import styles from './Networks.module.css';
import { entriesOf, findEntries } from './search';

/** A search over what is known of these networks; while nothing is typed, `children` stand there. */
export function Finder({
  networks,
  query,
  onQuery,
  label,
  children,
}: {
  networks: Network[];
  query: string;
  onQuery: (query: string) => void;
  label: string;
  children: ReactNode;
}) {
  const entries = useMemo(() => networks.flatMap(entriesOf), [networks]);
  const names = Object.fromEntries(networks.map(({ platform, name }) => [platform, name]));
  const wanted = query.trim();
  const found = findEntries(entries, names, wanted);
  return (
    <>
      <div className={styles.finder} role="search">
        <TextInput
          type="search"
          aria-label={label}
          placeholder="Story, hashtags, 9:16 …"
          start={<Search aria-hidden />}
          value={query}
          onChange={(event) => onQuery(event.target.value)}
        />
        <p role="status" className={styles.found}>
          {wanted && count(found.length, 'match', 'matches')}
        </p>
      </div>
      {wanted === '' ? (
        children
      ) : found.length === 0 ? (
        <EmptyState calm icon={<SearchX />} title="Nothing matches">
          <p>Try one word of what you look for, such as a format, an option or a limit.</p>
        </EmptyState>
      ) : (
        <ul className={styles.results}>
          {found.map((entry) => (
            <li key={`${entry.platform} ${entry.anchor} ${entry.title}`}>
              <Link
                to="/networks/$id"
                params={{ id: entry.platform }}
                hash={entry.anchor}
                className={styles.result}
              >
                <NetworkIcon platform={entry.platform} size={18} />
                <span>
                  <strong>{entry.title}</strong>
                  <span className={styles.kind}>
                    {names[entry.platform]} · {entry.kind}
                  </span>
                  <span className={styles.excerpt}>{entry.text}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
