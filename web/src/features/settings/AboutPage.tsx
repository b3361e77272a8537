import { useQuery } from '@tanstack/react-query';
import { Problem } from '@/api/problem';
import { useTimeZone } from '@/session/useMe';
import { formatOffset } from '@/lib/dates';
import { Badge, type Tone } from '@/ui/Badge';
import { Button, ButtonAnchor } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { ErrorState } from '@/ui/ErrorState';
import { useTitle } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './Settings.module.css';

interface Health {
  status: 'ok' | 'degraded' | 'failing';
  checks: { name: string; status: string; message: string }[];
}

const HEALTH: Record<string, { label: string; tone: Tone }> = {
  ok: { label: 'Working', tone: 'green' },
  degraded: { label: 'Partly working', tone: 'amber' },
  failing: { label: 'Not working', tone: 'red' },
};

function isHealth(body: unknown): body is Health {
  return Array.isArray((body as Partial<Health> | null)?.checks);
}

/** The readiness answer is worth showing whatever its status says; 503 is how it tells that a part is down. */
async function readHealth(): Promise<Health> {
  const response = await fetch('/health/ready');
  const body: unknown = await response.json().catch(() => null);
  if (!isHealth(body)) {
    throw new Problem({
      code: 'BAD_ANSWER',
      message: 'The server did not say how it is. Try again in a moment.',
      status: response.status,
    });
  }
  return body;
}

export default function AboutPage() {
  useTitle('About');
  const zone = useTimeZone();
  const health = useQuery({ queryKey: ['health'], queryFn: readHealth, staleTime: 0 });
  return (
    <>
      <Section
        title="This server"
        actions={
          <Button size="sm" busy={health.isFetching} onClick={() => void health.refetch()}>
            Check again
          </Button>
        }
      >
        {health.isPending ? (
          <Loading label="Asking the server">
            <Skeleton height="5rem" />
          </Loading>
        ) : health.isError ? (
          <ErrorState error={health.error} />
        ) : (
          <dl className={styles.facts}>
            <dt>State</dt>
            <dd>
              <HealthBadge status={health.data.status} />
            </dd>
            {health.data.checks.map((check) => (
              <HealthRow key={check.name} check={check} />
            ))}
          </dl>
        )}
      </Section>
      <Section title="About AllIN">
        <div className={styles.stack}>
          <p>
            AllIN publishes what your team writes to every network, on time and exactly once, and
            says plainly what happened. It is free software under the Apache License 2.0.
          </p>
          <dl className={styles.facts}>
            <dt>Time zone</dt>
            <dd>
              {zone} ({formatOffset(zone)})
            </dd>
            <dt>Address</dt>
            <dd>{window.location.origin}</dd>
          </dl>
          <div className={styles.actions}>
            <ButtonAnchor href="/api/docs" target="_blank" rel="noreferrer">
              API reference
            </ButtonAnchor>
            <ButtonAnchor href="/api/openapi.json" target="_blank" rel="noreferrer" variant="ghost">
              openapi.json
            </ButtonAnchor>
          </div>
        </div>
      </Section>
    </>
  );
}

function HealthBadge({ status }: { status: string }) {
  const { label, tone } = HEALTH[status] ?? { label: status, tone: 'neutral' as const };
  return <Badge tone={tone}>{label}</Badge>;
}

function HealthRow({ check }: { check: Health['checks'][number] }) {
  return (
    <>
      <dt>{check.name.charAt(0).toUpperCase() + check.name.slice(1)}</dt>
      <dd>
        <HealthBadge status={check.status} /> {check.message}
      </dd>
    </>
  );
}
