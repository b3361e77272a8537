import { useEffect, useEffectEvent, useReducer, useRef } from 'react';
import { asProblem } from '@/api/problem';
import type { Content } from '@/api/types';
import { uploadContent } from './queries';
import { dueUploads, uploadReducer, type Upload } from './uploads';

export interface Uploads {
  uploads: Upload[];
  add: (files: Iterable<File>) => void;
  /** Stops an upload, or takes a finished or failed one off the list. */
  remove: (id: number) => void;
  retry: (id: number) => void;
}

/** Sends files to the library, a few at a time; leaving the page cancels what is on its way. */
export function useUploads(onDone?: (content: Content) => void): Uploads {
  const [uploads, dispatch] = useReducer(uploadReducer, []);
  const nextId = useRef(1);
  const running = useRef(new Map<number, AbortController>());
  const done = useEffectEvent((content: Content) => onDone?.(content));

  const start = useEffectEvent(async ({ id, file }: Upload) => {
    const controller = new AbortController();
    running.current.set(id, controller);
    dispatch({ type: 'start', id });
    try {
      const content = await uploadContent(file, {
        signal: controller.signal,
        onProgress: (share) => dispatch({ type: 'progress', id, share }),
      });
      dispatch({ type: 'done', id, content });
      done(content);
    } catch (error) {
      if (controller.signal.aborted) return;
      dispatch({ type: 'failed', id, message: asProblem(error).message });
    } finally {
      running.current.delete(id);
    }
  });

  useEffect(() => {
    for (const upload of dueUploads(uploads)) {
      if (!running.current.has(upload.id)) void start(upload);
    }
  }, [uploads]);

  useEffect(() => {
    const controllers = running.current;
    return () => controllers.forEach((controller) => controller.abort());
  }, []);

  return {
    uploads,
    add: (files) =>
      dispatch({
        type: 'add',
        uploads: Array.from(files, (file) => ({
          id: nextId.current++,
          file,
          state: 'waiting',
          progress: 0,
        })),
      }),
    remove: (id) => {
      running.current.get(id)?.abort();
      dispatch({ type: 'remove', id });
    },
    retry: (id) => dispatch({ type: 'again', id }),
  };
}
