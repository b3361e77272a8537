import { Check, X } from 'lucide-react';
import { useState } from 'react';
import { useMe } from '@/session/useMe';
import { ButtonLink, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import styles from './Guide.module.css';
import { guideSteps, nextStep, type GuideFacts, type GuideStep } from './guide';

function dismissedKey(organizationId: string): string {
  return `allin.guide-dismissed.${organizationId}`;
}

function readDismissed(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function StepAction({ step }: { step: GuideStep }) {
  const look = { size: 'sm', variant: 'primary' } as const;
  if (step.id === 'connect') {
    return (
      <ButtonLink {...look} to="/accounts" search={{ connect: '1' }}>
        {step.action}
      </ButtonLink>
    );
  }
  if (step.id === 'write') {
    return (
      <ButtonLink {...look} to="/compose">
        {step.action}
      </ButtonLink>
    );
  }
  return (
    <ButtonLink {...look} to="/posts" search={{ status: 'draft' }}>
      {step.action}
    </ButtonLink>
  );
}

/** Three steps from an empty organisation to a post that goes out. Gone once walked or dismissed. */
export function Guide({ facts }: { facts: GuideFacts }) {
  const { user, organization, permissions } = useMe();
  const key = dismissedKey(organization.id);
  const [dismissed, setDismissed] = useState(() => readDismissed(key));
  const steps = guideSteps(facts, permissions);
  const next = steps && nextStep(steps);
  if (dismissed || !steps || !next) return null;

  const dismiss = () => {
    setDismissed(true);
    try {
      localStorage.setItem(key, '1');
    } catch {
      // Storage is blocked: it comes back with the next page load.
    }
  };
  const done = steps.filter((step) => step.done).length;

  return (
    <section className={styles.guide} aria-label="First steps">
      <div className={styles.head}>
        <div>
          <h2 className={styles.title}>
            {done === 0
              ? `Welcome, ${user.name.split(' ')[0]}. Three steps to your first post`
              : 'Your first post is near'}
          </h2>
          <p className={styles.progress}>
            {done} of {steps.length} done
          </p>
        </div>
        <IconButton label="Dismiss the guide" size="sm" tipAlign="end" onClick={dismiss}>
          <X aria-hidden />
        </IconButton>
      </div>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li
            key={step.id}
            className={cx(styles.step, step.done && styles.done, step === next && styles.next)}
            aria-current={step === next ? 'step' : undefined}
          >
            <span className={styles.mark} aria-hidden>
              {step.done ? <Check /> : index + 1}
            </span>
            <div className={styles.text}>
              <h3>{step.title}</h3>
              <p>{step.text}</p>
              {step === next && <StepAction step={step} />}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
