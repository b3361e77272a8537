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

/** What people call a step: "Upload image 2 of part 2" for "media:1:1". A name nobody knows stays as it is. */
export function stepName(name: string): string {
  const [kind, part, file] = name.split(':');
  const place = Number(part) > 0 ? ` of part ${Number(part) + 1}` : '';
  switch (kind) {
    case 'media':
      return `Upload image ${Number(file) + 1}${place}`;
    case 'ready':
      return `Wait until image ${Number(file) + 1}${place} is processed`;
    case 'post':
      return place ? `Publish part ${Number(part) + 1}` : 'Publish';
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
