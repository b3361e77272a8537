import { createContext, use, type Dispatch } from 'react';
import type { Content, Format, Network, QuotaUse, SocialAccount } from '@/api/types';
import type { Draft, DraftAction, Variant } from './draft';
import type { Issue } from './problems';
import type { PartUploads } from './usePartUploads';

/** What every piece of the composer works on. */
export interface ComposerContext {
  draft: Draft;
  dispatch: Dispatch<DraftAction>;
  /** All connected accounts, chosen or not. */
  accounts: SocialAccount[];
  networks: readonly Network[];
  /** What an account's post is published as. */
  formatOf: (account: SocialAccount) => Format | undefined;
  contents: Record<string, Content>;
  learnContents: (contents: Content[]) => void;
  uploads: PartUploads;
  /** How much of its network's quotas an account has used up around the time of the post. */
  quotasOf: (account: SocialAccount) => readonly QuotaUse[];
  /** Problems worth showing. */
  issues: Issue[];
  variant: Variant;
}

export const Composer = createContext<ComposerContext | null>(null);

export function useComposerContext(): ComposerContext {
  const context = use(Composer);
  if (!context) throw new Error('This belongs inside the composer.');
  return context;
}
