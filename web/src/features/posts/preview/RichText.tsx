import type { Platform } from '@/api/types';
import { entities, type Entity } from '../text/entities';
import styles from './Preview.module.css';

/** Mastodon leaves out the scheme and the server of a mention, and shortens long links. */
function shown(entity: Entity, platform: Platform): string {
  if (platform !== 'mastodon') return entity.text;
  if (entity.server) return entity.text.slice(0, -entity.server.length);
  if (entity.kind !== 'link') return entity.text;
  const bare = entity.text.replace(/^https?:\/\/(www\.)?/i, '');
  return bare.length > 30 ? `${bare.slice(0, 30)}…` : bare;
}

/** A text with links, mentions and hashtags as the network paints them. Nothing in it can be clicked. */
export function RichText({ text, platform }: { text: string; platform: Platform }) {
  return (
    <p className={styles.text} dir="auto">
      {entities(text.trim(), platform).map((entity, index) =>
        entity.kind === 'text' ? (
          entity.text
        ) : (
          <span key={index} className={styles.entity}>
            {shown(entity, platform)}
          </span>
        ),
      )}
    </p>
  );
}
