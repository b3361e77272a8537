import { describe, expect, it } from 'vitest';
import type { Post } from '@/api/types';
import { firstSentence, postProblem, problemTone } from './summary';

const target = (status: string, nextStep: string) => ({
  status,
  problem: { code: status, message: '', nextStep, retryAt: null },
});
const post = (status: string, ...targets: unknown[]) => ({ status, targets }) as unknown as Post;

describe('what a list says of a troubled post', () => {
  it('is the problem that its state speaks of', () => {
    const both = [target('failed', 'edit'), target('needs_attention', 'decide')];
    expect(postProblem(post('needs_attention', ...both))?.nextStep).toBe('decide');
    expect(postProblem(post('failed', ...both))?.nextStep).toBe('edit');
    expect(postProblem(post('scheduled', ...both))).toBeUndefined();
  });

  it('is red only where something is known to be wrong', () => {
    const tone = (step: string) => {
      const problem = postProblem(post('failed', target('failed', step)));
      return problem && problemTone(problem);
    };
    expect([tone('decide'), tone('edit'), tone('reconnect')]).toEqual(['amber', 'red', 'red']);
  });

  it('is one sentence, whatever points are in it', () => {
    expect(firstSentence('127.0.0.1:80 refused this: No. 127.0.0.1 may take it later.')).toBe(
      '127.0.0.1:80 refused this: No.',
    );
    expect(firstSentence('The file of 1.5 MB at x.example was lost.')).toBe(
      'The file of 1.5 MB at x.example was lost.',
    );
  });
});
