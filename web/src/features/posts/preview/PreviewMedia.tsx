import { FileText, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Content, PartMedia } from '@/api/types';
import { Thumbnail } from '@/features/media/Thumbnail';
import { cx } from '@/ui/cx';
import type { PreviewLayout } from './layouts';
import styles from './PreviewMedia.module.css';

type File = PartMedia & { content: Content | undefined };

/** The files of a post, arranged as the network does. */
export function PreviewMedia({
  media,
  contents,
  layout,
}: {
  media: PartMedia[];
  contents: Record<string, Content>;
  layout: PreviewLayout;
}) {
  const files: File[] = media.map((item) => ({ ...item, content: contents[item.contentId] }));
  const [first] = files;
  if (!first) return null;
  if (first.content?.type === 'document') return <Document content={first.content} />;
  if (layout.author === 'over') {
    return <Carousel files={files} ratio={9 / 16} bare />;
  }
  if (layout.media === 'carousel') {
    return <Carousel files={files} ratio={layout.ratio ?? ratioOf(first)} />;
  }
  return <Grid files={files.slice(0, 4)} more={files.length - 4} ratio={layout.ratio} />;
}

/** Very tall pictures are cut to three to four, as the networks' apps do. */
function ratioOf({ content }: File): number {
  return content?.width && content.height ? Math.max(content.width / content.height, 0.75) : 16 / 9;
}

/** Up to four files: one in its own shape, two side by side, one beside two, two by two. */
function Grid({ files, more, ratio }: { files: File[]; more: number; ratio?: number }) {
  const [first] = files;
  const alone = files.length === 1 && first;
  return (
    <div
      className={cx(styles.grid, styles[`grid${files.length}`])}
      style={alone ? { aspectRatio: ratio ?? ratioOf(alone) } : undefined}
    >
      {files.map((file, index) => (
        <Picture key={file.contentId} file={file}>
          {index === 3 && more > 0 && <span className={styles.rest}>+{more}</span>}
        </Picture>
      ))}
    </div>
  );
}

/** One after the other, to swipe through. `bare`: other things lie over it. */
function Carousel({ files, ratio, bare }: { files: File[]; ratio: number; bare?: boolean }) {
  return (
    <div
      className={cx(styles.carousel, bare && styles.bare)}
      style={{ aspectRatio: ratio }}
      // A scrolling region must be reachable by keyboard.
      {...(files.length > 1 && {
        tabIndex: 0,
        role: 'region',
        'aria-label': `${files.length} pictures`,
      })}
    >
      {files.map((file, index) => (
        <Picture key={file.contentId} file={file}>
          {files.length > 1 && (
            <span className={styles.number}>
              {index + 1}/{files.length}
            </span>
          )}
        </Picture>
      ))}
    </div>
  );
}

function Picture({ file, children }: { file: File; children?: ReactNode }) {
  const { content } = file;
  const alt = file.altText ?? content?.altText;
  return (
    <div className={styles.picture}>
      {content && <Thumbnail content={{ ...content, altText: alt ?? null }} />}
      {content?.type === 'video' && (
        <span className={styles.play}>
          <Play aria-hidden />
        </span>
      )}
      {alt && <span className={styles.alt}>ALT</span>}
      {children}
    </div>
  );
}

function Document({ content }: { content: Content }) {
  return (
    <div className={styles.document}>
      <FileText aria-hidden />
      <span>
        <strong>{content.title || content.fileName}</strong>
        <span>Document</span>
      </span>
    </div>
  );
}
