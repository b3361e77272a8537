import type { QuotaUse } from '@/api/types';

/** Seconds of the shortest stretch that a person plans by; shorter ones AllIN keeps by itself. */
const PLANNED = 3600;

/** The quota that people plan by: the one of the account that is nearest to being used up. */
export function tightest(quotas: readonly QuotaUse[]): QuotaUse | undefined {
  return quotas
    .filter((quota) => quota.freeAt || (quota.per === 'account' && quota.windowSeconds >= PLANNED))
    .sort((a, b) => share(b) - share(a))[0];
}

/** How much of it is used up: 1 is all of it. */
export function share({ used, limit }: QuotaUse): number {
  return used / limit;
}

/** "12 of 25 posts in 24 hours". */
export function inWords({ used, limit, counts, windowSeconds }: QuotaUse): string {
  // What stands behind explains it, for the page of the network.
  const what = counts.split(/[,(]/)[0]?.trim() ?? counts;
  const hours = windowSeconds / 3600;
  const stretch = hours >= 1 ? `${hours} hours` : `${windowSeconds / 60} minutes`;
  return `${used.toLocaleString('en')} of ${limit.toLocaleString('en')} ${what} in ${stretch}`;
}
