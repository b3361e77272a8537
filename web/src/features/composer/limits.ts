import type {
  Content,
  Format,
  MediaRules,
  Network,
  Platform,
  SocialAccount,
  TextRules,
} from '@/api/types';
import { partsOf, type Draft, type Variant } from './draft';

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

/** What can be published for an account: by its own server's limits, or else its network's. */
export function formatsOf(account: SocialAccount, networks: readonly Network[]): Format[] {
  const network = networks.find((item) => item.platform === account.platform);
  return account.formats ?? network?.formats ?? [];
}

const kindOf = (mimeType: string) => mimeType.split('/')[0];

function takesType(rules: MediaRules, mimeType: string): boolean {
  const kind = kindOf(mimeType);
  if (kind === 'image') return rules.images !== null;
  if (kind === 'video') return rules.videos !== null;
  return [rules.audio, rules.documents].some((files) => files?.types.includes(mimeType));
}

function takes(rules: MediaRules, types: readonly string[]): boolean {
  const videos = types.filter((type) => kindOf(type) === 'video').length;
  return (
    types.length >= rules.min &&
    types.length <= rules.max &&
    videos <= rules.maxVideos &&
    (rules.mixed || videos === 0 || videos === types.length) &&
    types.every((type) => takesType(rules, type))
  );
}

/** The format that an account's post is published as, by the rule of the server: the chosen one, or the first that fits. */
export function formatOf(
  account: SocialAccount,
  networks: readonly Network[],
  draft: Draft,
  contents: Record<string, Content>,
): Format | undefined {
  const formats = formatsOf(account, networks);
  const chosen = draft.settings[account.id]?.format;
  const media = partsOf(draft, account.id)[0]?.media ?? [];
  const types = media.flatMap((file) => contents[file.contentId]?.mimeType ?? []);
  return (
    formats.find((format) => format.id === chosen) ??
    formats.find((format) => takes(format.media, types)) ??
    formats.find((format) => types.every((type) => takesType(format.media, type))) ??
    formats[0]
  );
}

export interface Ruler {
  platform: Platform;
  rules: TextRules;
}

/** One ruler for accounts that count alike, so that ten accounts of a network show one counter. */
export function rulersOf(
  accounts: readonly SocialAccount[],
  format: (account: SocialAccount) => Format | undefined,
): Ruler[] {
  const rulers = new Map<string, Ruler>();
  for (const account of accounts) {
    const rules = format(account)?.text;
    if (!rules || rules.maxCharacters === 0) continue;
    const key = `${account.platform} ${rules.maxCharacters} ${rules.urlLength} ${rules.maxBytes}`;
    if (!rulers.has(key)) rulers.set(key, { platform: account.platform, rules });
  }
  return [...rulers.values()];
}

/** The least of a limit over all formats; `otherwise` when none has one. */
export function strictest(
  formats: readonly Format[],
  limit: (format: Format) => number | null,
  otherwise: number,
): number {
  const limits = formats.flatMap((format) => limit(format) ?? []);
  return limits.length > 0 ? Math.min(...limits) : otherwise;
}
