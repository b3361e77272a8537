import type { Platform } from '@/api/types';
import { NETWORK_NAME, NetworkIcon, networkColour } from '@/ui/NetworkIcon';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './Networks.module.css';

/** The glyphs of networks in a row, with their names for screen readers. */
export function Networks({ platforms, size = 14 }: { platforms: Platform[]; size?: number }) {
  return (
    <span className={styles.row}>
      {platforms.map((platform) => (
        <span key={platform} style={{ color: networkColour(platform) }}>
          <NetworkIcon platform={platform} size={size} />
          <VisuallyHidden>{NETWORK_NAME[platform] ?? platform} </VisuallyHidden>
        </span>
      ))}
    </span>
  );
}
