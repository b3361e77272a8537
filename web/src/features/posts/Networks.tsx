import type { Platform } from '@/api/types';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useNames } from '@/ui/networks';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Networks.module.css';

/** The glyphs of networks in a row, with their names for screen readers. */
export function Networks({ platforms, size = 14 }: { platforms: Platform[]; size?: number }) {
  const names = useNames();
  return (
    <span className={styles.row}>
      {platforms.map((platform) => (
        <span key={platform}>
          <NetworkIcon platform={platform} size={size} />
          <VisuallyHidden>{names.network(platform)} </VisuallyHidden>
        </span>
      ))}
    </span>
  );
}
