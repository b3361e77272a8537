import type { PreflightProblem, PreflightReport } from '@/api/types';
import type { Draft, Variant } from './draft';

/** A preflight problem at its place in the composer. */
export interface Issue {
  severity: PreflightProblem['severity'];
  code: string;
  field: PreflightProblem['field'];
  /** The text it is in; 'all' for problems of accounts, too. */
  variant: Variant;
  part: number | null;
  mediaIndex: number | null;
  message: string;
  /** The accounts that have it; none: the post as a whole. */
  accounts: string[];
  /** The option it is about. */
  option: string | null;
}

/** What is simply not done yet; it is no use to say so before somebody wants to publish. */
const UNFINISHED = new Set(['empty_post', 'empty_part', 'no_targets']);

/** What is set for each account by itself. */
const OF_ACCOUNT: ReadonlySet<PreflightProblem['field']> = new Set(['format', 'option']);

/** The report's problems, errors first, each once with all the accounts that share it. */
export function issuesOf(report: PreflightReport, draft: Draft): Issue[] {
  const issues = new Map<string, Issue>();
  const add = (problem: PreflightProblem, account: string | null) => {
    const { severity, code, field, part, mediaIndex, option, message } = problem;
    const own = account && (draft.overrides[account] || OF_ACCOUNT.has(field));
    const variant = own ? account : 'all';
    const key = JSON.stringify([variant, code, field, part, mediaIndex, option, message]);
    const known = issues.get(key);
    if (known) {
      if (account) known.accounts.push(account);
      return;
    }
    const accounts = account ? [account] : [];
    const found = { severity, code, field, variant, part, mediaIndex, option, message, accounts };
    issues.set(key, found);
  };
  report.problems.forEach((problem) => add(problem, null));
  for (const target of report.targets) {
    target.problems.forEach((problem) => add(problem, target.socialAccountId));
  }
  const all = [...issues.values()];
  return [
    ...all.filter((issue) => issue.severity === 'error'),
    ...all.filter((issue) => issue.severity === 'warning'),
  ];
}

/** Without what is only unfinished. */
export function worthShowing(issues: Issue[]): Issue[] {
  return issues.filter((issue) => !UNFINISHED.has(issue.code));
}

/** The problems that belong beside one part's text or one of its media. */
export function issuesAt(
  issues: Issue[],
  variant: Variant,
  part: number,
  mediaIndex: number | null = null,
): Issue[] {
  return issues.filter(
    (issue) =>
      issue.variant === variant &&
      issue.part === part &&
      (issue.field === 'text' || issue.field === 'media' || issue.field === 'altText') &&
      issue.mediaIndex === mediaIndex,
  );
}

/** The element to focus for a problem. Parts and media name their elements by the same rule. */
export function causeId(issue: Issue, draft: Draft): string {
  if (issue.field === 'account' || issue.field === 'targets') {
    return issue.accounts[0] ? accountId(issue.accounts[0]) : ACCOUNTS_ID;
  }
  if (issue.field === 'schedule') return SCHEDULE_ID;
  if (issue.field === 'format') return optionId(issue.variant, 'format');
  if (issue.field === 'option') return optionId(issue.variant, issue.option ?? 'format');
  const parts = draft.overrides[issue.variant] ?? draft.parts;
  const part = parts[issue.part ?? 0] ?? parts[0];
  if (!part) return ACCOUNTS_ID;
  return issue.mediaIndex === null ? textId(part.key) : mediaId(part.key, issue.mediaIndex);
}

export const ACCOUNTS_ID = 'composer-accounts';
export const SCHEDULE_ID = 'composer-schedule';
export const accountId = (account: string) => `composer-account-${account}`;
export const optionId = (account: string, key: string) => `composer-option-${account}-${key}`;
export const textId = (part: string) => `composer-text-${part}`;
export const mediaId = (part: string, index: number) => `composer-media-${part}-${index}`;
