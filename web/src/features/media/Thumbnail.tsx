import { Captions, FileText, Film, Image as ImageIcon, Music } from 'lucide-react';
import { useState } from 'react';
import type { Content } from '@/api/types';
import styles from './Thumbnail.module.css';

const GLYPH = {
  image: ImageIcon,
  video: Film,
  audio: Music,
  document: FileText,
  caption: Captions,
};

/** A small picture of a content, or the glyph of its kind. Fills its container. */
export function Thumbnail({
  content,
  fit = 'cover',
}: {
  content: Content;
  fit?: 'cover' | 'contain';
}) {
  const [broken, setBroken] = useState<string | null>(null);
  const src = content.thumbnailUrl ?? (content.type === 'image' ? content.fileUrl : null);
  const Glyph = GLYPH[content.type];
  if (!src || broken === src) {
    return (
      <span className={styles.glyph}>
        <Glyph aria-hidden />
        <span>{content.fileName.split('.').pop()?.toUpperCase()}</span>
      </span>
    );
  }
  return (
    <img
      className={styles.image}
      data-fit={fit}
      src={src}
      alt={content.altText ?? ''}
      loading="lazy"
      decoding="async"
      onError={() => setBroken(src)}
    />
  );
}
