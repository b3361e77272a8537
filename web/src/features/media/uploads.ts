import type { Content } from '@/api/types';

export interface Upload {
  id: number;
  file: File;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  /** Share sent, 0 to 1. */
  progress: number;
  /** Why it failed. */
  message?: string;
  content?: Content;
}

export type UploadAction =
  | { type: 'add'; uploads: Upload[] }
  | { type: 'start'; id: number }
  | { type: 'progress'; id: number; share: number }
  | { type: 'done'; id: number; content: Content }
  | { type: 'failed'; id: number; message: string }
  | { type: 'again'; id: number }
  | { type: 'remove'; id: number };

/** How many files are on their way at once. */
export const PARALLEL = 3;

export function uploadReducer(uploads: Upload[], action: UploadAction): Upload[] {
  if (action.type === 'add') return [...uploads, ...action.uploads];
  if (action.type === 'remove') return uploads.filter((upload) => upload.id !== action.id);
  return uploads.map((upload) => (upload.id === action.id ? changed(upload, action) : upload));
}

function changed(upload: Upload, action: UploadAction): Upload {
  switch (action.type) {
    case 'start':
      return { ...upload, state: 'sending', progress: 0, message: undefined };
    case 'progress':
      return { ...upload, progress: action.share };
    case 'done':
      return { ...upload, state: 'done', progress: 1, content: action.content };
    case 'failed':
      return { ...upload, state: 'failed', message: action.message };
    case 'again':
      return { ...upload, state: 'waiting', progress: 0, message: undefined };
    default:
      return upload;
  }
}

/** The waiting uploads whose turn it is. */
export function dueUploads(uploads: Upload[]): Upload[] {
  const sending = uploads.filter((upload) => upload.state === 'sending').length;
  return uploads
    .filter((upload) => upload.state === 'waiting')
    .slice(0, Math.max(PARALLEL - sending, 0));
}
