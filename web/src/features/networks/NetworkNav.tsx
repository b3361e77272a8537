import { LayoutGrid } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Network } from '@/api/types';
import { revealInRow } from '@/lib/scroll';
import { Link } from '@/router/Link';
import { NetworkIcon } from '@/ui/NetworkIcon';
import styles from './Networks.module.css';

/** From one network's page to another's. */
export function NetworkNav({ networks, present }: { networks: Network[]; present: string }) {
  const nav = useRef<HTMLElement>(null);
  // On a phone the row of links is wider than the screen.
  useEffect(() => revealInRow(nav.current?.querySelector('[aria-current]')), [present]);
  return (
    <nav ref={nav} className={styles.nav} aria-label="Networks">
      <Link to="/networks" current="exact" className={styles.navLink}>
        <LayoutGrid size={16} aria-hidden />
        All
      </Link>
      {networks.map(({ platform, name }) => (
        <Link
          key={platform}
          to="/networks/$id"
          params={{ id: platform }}
          aria-current={platform === present ? 'page' : undefined}
          className={styles.navLink}
        >
          <NetworkIcon platform={platform} size={16} />
          {name}
        </Link>
      ))}
    </nav>
  );
}
