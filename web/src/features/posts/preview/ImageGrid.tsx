import type { Content, PartMedia } from '@/api/types';
import { Thumbnail } from '@/features/media/Thumbnail';
import { cx } from '@/ui/cx';
import styles from './Preview.module.css';

/** Up to four images, arranged as networks do: one in its own shape, two side by side, one beside two, two by two. */
export function ImageGrid({
  media,
  contents,
}: {
  media: PartMedia[];
  contents: Record<string, Content>;
}) {
  const images = media.slice(0, 4).map((item) => ({ ...item, content: contents[item.contentId] }));
  if (images.length === 0) return null;
  const only = images.length === 1 ? images[0]?.content : undefined;
  const ratio = only?.width && only.height ? only.width / only.height : 16 / 9;
  return (
    <div
      className={cx(styles.images, styles[`images${images.length}`])}
      // Very tall pictures are cut to three to four, as the networks' apps do.
      style={images.length === 1 ? { aspectRatio: Math.max(ratio, 0.75) } : undefined}
    >
      {images.map(({ contentId, altText, content }) => {
        const alt = altText ?? content?.altText;
        return (
          <div key={contentId} className={styles.image}>
            {content && <Thumbnail content={{ ...content, altText: alt ?? null }} />}
            {alt && <span className={styles.alt}>ALT</span>}
          </div>
        );
      })}
    </div>
  );
}
