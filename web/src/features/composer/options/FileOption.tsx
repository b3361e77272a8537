import { useQuery } from '@tanstack/react-query';
import { Paperclip, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { ContentType } from '@/api/types';
import { contentItemQuery } from '@/features/media/queries';
import { Button, IconButton } from '@/ui/Button';
import type { OptionProps } from './OptionInput';
import styles from './TargetOptions.module.css';

const MediaPicker = lazy(async () => ({
  default: (await import('@/features/media/MediaPicker')).MediaPicker,
}));

/** A file of the library that belongs to the post without being shown as such: a thumbnail, captions. */
export function FileOption({
  id,
  field,
  value,
  onChange,
  type,
}: OptionProps & { type: ContentType | null }) {
  const [picking, setPicking] = useState(false);
  const chosen = typeof value === 'string' ? value : '';
  const content = useQuery({ ...contentItemQuery(chosen), enabled: chosen !== '' }).data;
  return (
    <div className={styles.field} role="group" aria-label={field.label}>
      <span>{field.label}</span>
      <div className={styles.row}>
        <Button id={id} icon={<Paperclip aria-hidden />} onClick={() => setPicking(true)}>
          {chosen ? (content?.title ?? 'Chosen file') : 'Choose a file'}
        </Button>
        {chosen && (
          <IconButton size="sm" label="Remove" onClick={() => onChange(undefined)}>
            <X aria-hidden />
          </IconButton>
        )}
      </div>
      {field.help && <p className={styles.hint}>{field.help}</p>}
      <Suspense fallback={null}>
        {picking && (
          <MediaPicker
            open
            onOpenChange={setPicking}
            max={1}
            type={type}
            onPick={([picked]) => picked && onChange(picked.id)}
          />
        )}
      </Suspense>
    </div>
  );
}
