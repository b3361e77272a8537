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
  cancelled: { label: 'Cancelled', tone: 'neutral' },
};

export const STEP_STATE: Record<AttemptStep['state'], { label: string; tone: Tone }> = {
  prepared: { label: 'prepared', tone: 'neutral' },
  sent: { label: 'sent, no answer yet', tone: 'accent' },
  accepted: { label: 'accepted', tone: 'green' },
  refused: { label: 'refused', tone: 'red' },
  unknown: { label: 'no answer', tone: 'amber' },
};

/** Steps as the connectors name them, for people. */
const STEPS: [RegExp, string][] = [
  [/session|token|login|auth/i, 'Log in'],
  [/upload|media|blob|image/i, 'Upload an image'],
  [/find|search|look|verify|reconcile/i, 'Look whether it is there'],
  [/delete|remove/i, 'Delete'],
  [/record|status|post|publish/i, 'Publish'],
];

/** "Upload an image" for "media-0"; a name nobody knows stays as it is. */
export function stepName(name: string): string {
  const words = STEPS.find(([pattern]) => pattern.test(name))?.[1] ?? name;
  const number = /(\d+)$/.exec(name)?.[1];
  return number ? `${words} (${Number(number) + 1})` : words;
}

/** "0.4 s", "12 s", "3 min". */
export function duration(startedAt: string, finishedAt: string | null): string | null {
  if (!finishedAt) return null;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  if (!(seconds >= 0)) return null;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
