import { useState } from 'react';
import type { SocialAccount } from '@/api/types';
import styles from './Avatar.module.css';
import { cx } from './cx';
import { NetworkIcon } from './NetworkIcon';

function initials(name: string): string {
  const words = name
    .replace(/^@/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters.map((word) => [...(word ?? '?')][0]?.toUpperCase() ?? '').join('');
}

const TONES = [styles.tone0, styles.tone1, styles.tone2, styles.tone3, styles.tone4];

/** Always the same colour for the same name. */
function tone(name: string): string | undefined {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return TONES[sum % TONES.length];
}

export interface AvatarProps {
  name: string;
  src?: string | null;
  /** Pixels. */
  size?: number;
  /** Draws the network's glyph at the corner. */
  platform?: string;
  /** For organisations. */
  square?: boolean;
}

/** A picture or initials. Decorative: the name must stand in text nearby. */
export function Avatar({ name, src, size = 32, platform, square }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const badge = Math.max(13, Math.round(size * 0.48));
  const rim = size < 32 ? 1 : 2;
  return (
    <span
      className={cx(styles.avatar, tone(name), square && styles.square)}
      style={{ width: size, height: size, fontSize: size * 0.38 }}
      aria-hidden
    >
      {src && broken !== src ? (
        <img
          className={styles.image}
          src={src}
          alt=""
          loading="lazy"
          onError={() => setBroken(src)}
        />
      ) : (
        initials(name)
      )}
      {platform && (
        <span className={styles.badge} style={{ width: badge, height: badge, borderWidth: rim }}>
          <NetworkIcon platform={platform} size={badge - 2 * rim} />
        </span>
      )}
    </span>
  );
}

/** The avatar of a connected account with its network at the corner. */
export function AccountAvatar({
  account,
  size,
}: {
  account: Pick<SocialAccount, 'platform' | 'displayName' | 'username' | 'avatarUrl'>;
  size?: number;
}) {
  return (
    <Avatar
      name={account.displayName || account.username}
      src={account.avatarUrl}
      platform={account.platform}
      size={size}
    />
  );
}
