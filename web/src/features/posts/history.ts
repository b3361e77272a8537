import type { Attempt, AttemptStep } from '@/api/types';
import type { Tone } from '@/ui/Badge';

/** How an attempt ended, in plain words. */
export const OUTCOME: Record<Attempt['outcome'], { label: string; tone: Tone }> = {
  running: { label: 'Running', tone: 'accent' },
  published: { label: 'Published', tone: 'green' },
  retrying: { label: 'Will be tried again', tone: 'amber' },
  failed: { label: 'Failed', tone: 'red' },
  unknown: { label: 'Outcome unknown', tone: 'amber' },
  released: { label: 'Handed on', tone: 'neutral' },
  waiting: { label: 'Waiting', tone: 'accent' },
  prepared: { label: 'Files uploaded ahead', tone: 'accent' },
};

export const STEP_STATE: Record<AttemptStep['state'], { label: string; tone: Tone }> = {
  sent: { label: 'sent, no answer yet', tone: 'accent' },
  accepted: { label: 'accepted', tone: 'green' },
  refused: { label: 'refused', tone: 'red' },
  unknown: { label: 'no answer', tone: 'amber' },
};

/** What people call a step: "Upload file 2 of part 2" for "media:1:1". A name nobody knows stays as it is. */
export function stepName(name: string): string {
  const [kind, ...numbers] = name.split(':');
  const [part = 0, index = 0, section = 0] = numbers.map(Number);
  const file = `file ${index + 1}${part > 0 ? ` of part ${part + 1}` : ''}`;
  const post = part > 0 ? `part ${part + 1}` : 'the post';
  switch (kind) {
    case 'quota':
      return 'Ask how much the network still takes';
    case 'session':
      return `Announce ${file}`;
    case 'media':
      return `Upload ${file}`;
    case 'piece':
      return `Upload piece ${section + 1} of ${file}`;
    case 'finish':
      return `End the upload of ${file}`;
    case 'ready':
      return `Wait until ${file} is processed`;
    case 'describe':
      return `Describe ${file}`;
    case 'container':
      return `Put ${post} together`;
    case 'assembled':
      return `Wait until ${post} is processed`;
    case 'thumbnail':
      return 'Set the thumbnail';
    case 'captions':
      return 'Add the captions';
    case 'playlist':
      return 'Add the video to the playlist';
    case 'post':
      return part > 0 ? `Publish part ${part + 1}` : 'Publish';
    case 'live':
      return `Wait until ${post} is live`;
    case 'draft-comment':
      return 'Put the first comment together';
    case 'comment':
      return 'Write the first comment';
    case 'comments-off':
      return 'Switch comments off';
    default:
      return name;
  }
}

/** "0.4 s", "12 s", "3 min". */
export function duration(startedAt: string, finishedAt: string | null): string | null {
  if (!finishedAt) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  if (!(seconds >= 0)) return null;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
