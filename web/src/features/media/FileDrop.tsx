import { ImageUp } from 'lucide-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import styles from './FileDrop.module.css';

/** What the library takes; the server looks into the file itself. */
export const ACCEPT =
  'image/jpeg,image/png,image/webp,image/gif,video/mp4,video/quicktime,video/webm,application/pdf,.pptx,.docx,.srt,.vtt';

interface FileDropProps {
  onFiles: (files: File[]) => void;
  disabled?: boolean;
  className?: string;
  /** Gets `browse`, which opens the system's file dialog: call it from a button. */
  children: (browse: () => void) => ReactNode;
}

/** An area onto which files can be dropped. */
export function FileDrop({ onFiles, disabled, className, children }: FileDropProps) {
  const [input, setInput] = useState<HTMLInputElement | null>(null);
  // Entering a child fires before leaving its parent, so the events are counted.
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  if (disabled) return <div className={className}>{children(() => {})}</div>;

  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files');
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };

  return (
    // Dropping is an extra: the same is done by the button that calls `browse`.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className={className}
      role="group"
      aria-label="Drop files here to upload them"
      data-over={over || undefined}
      onDragEnter={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (carriesFiles(event)) event.preventDefault();
      }}
      onDragLeave={() => {
        depth.current -= 1;
        if (depth.current <= 0) leave();
      }}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        leave();
        onFiles([...event.dataTransfer.files]);
      }}
    >
      {children(() => input?.click())}
      <input
        ref={setInput}
        hidden
        type="file"
        accept={ACCEPT}
        multiple
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // Choosing the same file again must count as a change.
          event.target.value = '';
        }}
      />
      {over && (
        <div className={styles.overlay} aria-hidden>
          <ImageUp />
          Drop to upload
        </div>
      )}
    </div>
  );
}
