import { useEffect, useEffectEvent, useState } from 'react';
import type { Content } from '@/api/types';
import type { Upload } from '@/features/media/uploads';
import { useUploads } from '@/features/media/useUploads';

export interface PartUploads {
  add: (part: string, files: Iterable<File>) => void;
  /** What is on its way, or failed, for a part. */
  of: (part: string) => Upload[];
  busy: boolean;
  remove: (id: number) => void;
  retry: (id: number) => void;
}

/** Uploads into the library, each for a part of the post, which gets it once it is there. */
export function usePartUploads(onDone: (part: string, content: Content) => void): PartUploads {
  const { uploads, add, remove, retry } = useUploads();
  const [owners] = useState(() => new WeakMap<File, string>());
  const arrive = useEffectEvent(({ id, file, content }: Upload) => {
    const part = owners.get(file);
    if (part && content) onDone(part, content);
    remove(id);
  });

  useEffect(() => {
    uploads.filter((upload) => upload.state === 'done').forEach((upload) => arrive(upload));
  }, [uploads]);

  return {
    add: (part, files) => {
      const list = [...files];
      list.forEach((file) => owners.set(file, part));
      add(list);
    },
    of: (part) =>
      uploads.filter((upload) => upload.state !== 'done' && owners.get(upload.file) === part),
    busy: uploads.some((upload) => upload.state === 'waiting' || upload.state === 'sending'),
    remove,
    retry,
  };
}
