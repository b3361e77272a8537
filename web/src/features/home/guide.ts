import type { Permission } from '@/api/types';

/** What the guide's progress is derived from; undefined while it is not known yet. */
export interface GuideFacts {
  accounts: number | undefined;
  posts: number | undefined;
  scheduled: number | undefined;
  published: number | undefined;
}

export interface GuideStep {
  id: 'connect' | 'write' | 'schedule';
  title: string;
  text: string;
  action: string;
  done: boolean;
}

/** The way of a newcomer; null while the facts are loading, or if the person may not walk it. */
export function guideSteps(facts: GuideFacts, permissions: Permission[]): GuideStep[] | null {
  const { accounts, posts, scheduled, published } = facts;
  if (
    accounts === undefined ||
    posts === undefined ||
    scheduled === undefined ||
    published === undefined
  ) {
    return null;
  }
  if (!permissions.includes('accounts:manage') || !permissions.includes('posts:publish'))
    return null;
  return [
    {
      id: 'connect',
      title: 'Connect an account',
      text: 'Choose a network and say yes there. It takes a minute.',
      action: 'Connect',
      done: accounts > 0,
    },
    {
      id: 'write',
      title: 'Write a post',
      text: 'Once for all accounts, fitted to each where it matters.',
      action: 'Write',
      done: posts > 0,
    },
    {
      id: 'schedule',
      title: 'Schedule it',
      text: 'Choose the time, close the lid. AllIN publishes it exactly once.',
      action: 'Schedule',
      done: scheduled + published > 0,
    },
  ];
}

/** The step to take now: the first that is not done. */
export function nextStep(steps: GuideStep[]): GuideStep | undefined {
  return steps.find((step) => !step.done);
}
