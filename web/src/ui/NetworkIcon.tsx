import { Globe } from 'lucide-react';
import { cx } from './cx';
import styles from './NetworkIcon.module.css';
import { useNetwork } from './networks';

/** The sign of a network in its colour; a globe until it is known. Decorative: the name must stand in text nearby. */
export function NetworkIcon({
  platform,
  size = 16,
  plain,
}: {
  platform: string;
  /** Pixels. */
  size?: number;
  /** In the colour of the text around it. */
  plain?: boolean;
}) {
  const brand = useNetwork(platform)?.brand;
  if (!brand) return <Globe size={size} className={styles.unknown} aria-hidden />;
  return (
    <svg
      className={cx(styles.icon, !plain && styles.coloured)}
      style={{ '--network': brand.colour }}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="currentColor"
      fillRule="evenodd"
      aria-hidden
    >
      <path d={brand.glyph} />
    </svg>
  );
}
