import type { NetworkLimits, Platform, SocialAccount } from '@/api/types';
import type { Draft, Variant } from './draft';

/** Accounts whose posts take a variant's text. */
export function readersOf(
  variant: Variant,
  draft: Draft,
  accounts: readonly SocialAccount[],
): SocialAccount[] {
  const chosen = draft.accounts.flatMap(
    (id) => accounts.find((account) => account.id === id) ?? [],
  );
  return variant === 'all'
    ? chosen.filter((account) => !draft.overrides[account.id])
    : chosen.filter((account) => account.id === variant);
}

export interface Ruler {
  platform: Platform;
  limits: NetworkLimits;
}

/** One ruler for accounts that count alike, so that ten accounts of a network show one counter. */
export function rulersOf(accounts: readonly SocialAccount[]): Ruler[] {
  const rulers = new Map<string, Ruler>();
  for (const { platform, limits } of accounts) {
    const key = `${platform} ${limits.maxCharacters} ${limits.urlLength} ${limits.maxBytes}`;
    if (!rulers.has(key)) rulers.set(key, { platform, limits });
  }
  return [...rulers.values()];
}

/** The least of a limit over all readers; `otherwise` when there are none. */
export function strictest(
  accounts: readonly SocialAccount[],
  limit: (limits: NetworkLimits) => number,
  otherwise: number,
): number {
  return accounts.length > 0
    ? Math.min(...accounts.map((account) => limit(account.limits)))
    : otherwise;
}
