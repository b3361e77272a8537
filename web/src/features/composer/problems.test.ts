import { describe, expect, it } from 'vitest';
import type { PreflightProblem, PreflightReport } from '@/api/types';
import { draftOf } from './draft';
import { causeId, issuesAt, issuesOf, mediaId, textId, worthShowing } from './problems';

const part = { text: 'x', media: [] };
const draft = draftOf({
  title: null,
  parts: [part, part],
  targets: [
    { socialAccountId: 'a', override: null },
    { socialAccountId: 'b', override: null },
    { socialAccountId: 'own', override: { parts: [part] } },
  ] as never,
});

function problem(change: Partial<PreflightProblem>): PreflightProblem {
  return {
    code: 'text_too_long',
    severity: 'error',
    part: 0,
    field: 'text',
    mediaIndex: null,
    option: null,
    message: 'Too long.',
    ...change,
  };
}

function report(problems: Record<string, PreflightProblem[]>): PreflightReport {
  const targets = Object.entries(problems).map(([socialAccountId, list]) => ({
    socialAccountId,
    platform: 'bluesky' as const,
    ok: false,
    format: 'post',
    counts: [],
    quotas: [],
    problems: list,
  }));
  return { ok: false, targets, problems: [] };
}

describe('issuesOf', () => {
  it('says once what several accounts share, but apart what an own text has', () => {
    const issues = issuesOf(
      report({ a: [problem({})], b: [problem({})], own: [problem({})] }),
      draft,
    );
    expect(issues.map((issue) => [issue.variant, issue.accounts])).toEqual([
      ['all', ['a', 'b']],
      ['own', ['own']],
    ]);
    expect(issuesAt(issues, 'own', 0)).toHaveLength(1);
    expect(issuesAt(issues, 'own', 1)).toHaveLength(0);
  });

  it('puts errors before warnings', () => {
    const issues = issuesOf(
      report({ a: [problem({ severity: 'warning', message: 'Hm.' }), problem({ part: 1 })] }),
      draft,
    );
    expect(issues.map((issue) => issue.severity)).toEqual(['error', 'warning']);
  });

  it('names the element that causes each', () => {
    const [text, media] = issuesOf(
      report({
        own: [problem({}), problem({ severity: 'warning', field: 'altText', mediaIndex: 2 })],
      }),
      draft,
    );
    const key = draft.overrides['own']?.[0]?.key ?? '';
    expect(text && causeId(text, draft)).toBe(textId(key));
    expect(media && causeId(media, draft)).toBe(mediaId(key, 2));
  });

  it('keeps quiet about what is only unfinished', () => {
    const issues = issuesOf(report({ a: [problem({ code: 'empty_post' }), problem({})] }), draft);
    expect(worthShowing(issues).map((issue) => issue.code)).toEqual(['text_too_long']);
  });
});
