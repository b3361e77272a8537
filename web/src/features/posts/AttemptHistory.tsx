import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import type { Attempt, Post } from '@/api/types';
import { formatDateTime } from '@/lib/dates';
import { useTimeZone } from '@/session/useMe';
import { Badge } from '@/ui/Badge';
import { ErrorState } from '@/ui/ErrorState';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './AttemptHistory.module.css';
import { duration, OUTCOME, STEP_STATE, stepName } from './history';
import { attemptsQuery } from './queries';
import { useNow } from './useNow';

/** Every attempt to publish, newest first, each with its steps. */
export function AttemptHistory({ post }: { post: Post }) {
  const attempts = useQuery(attemptsQuery(post.id));
  if (attempts.isPending) {
    return (
      <Loading label="Loading the history">
        <div className={styles.none}>
          <Skeleton width="60%" />
        </div>
      </Loading>
    );
  }
  if (attempts.isError) {
    return <ErrorState error={attempts.error} onRetry={() => void attempts.refetch()} />;
  }
  if (attempts.data.length === 0) {
    return (
      <p className={styles.none}>
        Nothing yet. Every attempt to publish is recorded here, step by step.
      </p>
    );
  }
  const newestFirst = attempts.data.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  return (
    <ol className={styles.list}>
      {newestFirst.map((attempt, index) => (
        <AttemptItem key={attempt.id} attempt={attempt} open={index === 0} />
      ))}
    </ol>
  );
}

function AttemptItem({ attempt, open }: { attempt: Attempt; open: boolean }) {
  const zone = useTimeZone();
  const now = useNow();
  const outcome = OUTCOME[attempt.outcome];
  const took = duration(attempt.startedAt, attempt.finishedAt);
  return (
    <li className={styles.item} data-tone={outcome.tone}>
      <details open={open && attempt.outcome !== 'published'} className={styles.details}>
        <summary className={styles.summary}>
          <ChevronRight className={styles.chevron} aria-hidden />
          <span className={styles.who}>
            <NetworkIcon platform={attempt.platform} size={14} />
            <span className={styles.name}>{attempt.accountName}</span>
            <span className={styles.number}>attempt {attempt.number}</span>
          </span>
          <Badge tone={outcome.tone}>{outcome.label}</Badge>
          <time dateTime={attempt.startedAt} className={styles.time}>
            {formatDateTime(attempt.startedAt, zone, now)}
            {took && ` · ${took}`}
          </time>
          <span className={styles.message}>{attempt.message}</span>
        </summary>
        <ol className={styles.steps}>
          {attempt.steps.map((step, index) => (
            <li
              key={`${step.name} ${index}`}
              className={styles.step}
              data-tone={STEP_STATE[step.state].tone}
            >
              <span className={styles.stepName} title={step.name}>
                {stepName(step.name)}
              </span>
              <span className={styles.stepState}>
                {STEP_STATE[step.state].label}
                {duration(step.startedAt, step.finishedAt) &&
                  ` · ${duration(step.startedAt, step.finishedAt)}`}
              </span>
              {step.detail && <span className={styles.detail}>{step.detail}</span>}
            </li>
          ))}
          {attempt.steps.length === 0 && (
            <li className={styles.step}>Nothing was sent to the network.</li>
          )}
        </ol>
      </details>
    </li>
  );
}
