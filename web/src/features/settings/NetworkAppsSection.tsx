import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import type { NetworkApp } from '@/api/types';
import { networksQuery } from '@/features/accounts/queries';
import { Badge } from '@/ui/Badge';
import { Section } from '@/ui/Card';
import { ErrorState } from '@/ui/ErrorState';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useNames } from '@/ui/networks';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { NetworkAppForm } from './NetworkAppForm';
import styles from './NetworkApps.module.css';
import { networkAppsQuery } from './networkApps';

const STATE = {
  organization: { tone: 'green', label: 'Ready', note: 'With an app of this organisation.' },
  instance: { tone: 'green', label: 'Ready', note: 'With the app that this server offers to all.' },
  none: { tone: 'neutral', label: 'Not set up', note: 'Accounts can’t be connected yet.' },
} as const;

/** The networks that let only registered apps in, and the app of each. For those who manage the organisation. */
export function NetworkAppsSection() {
  const apps = useQuery(networkAppsQuery);
  if (apps.data?.length === 0) return null;
  return (
    <Section
      title="Developer apps"
      flush
      description="Some networks let AllIN in only through an app that you register with them. Each takes a few minutes, once."
    >
      {apps.isPending ? (
        <PendingRows />
      ) : apps.isError ? (
        <ErrorState error={apps.error} onRetry={() => void apps.refetch()} />
      ) : (
        <ul className={styles.list}>
          {apps.data.map((app) => (
            <AppRow key={app.platform} app={app} />
          ))}
        </ul>
      )}
    </Section>
  );
}

/** As many rows as there will be, and as high: what is below does not jump. */
function PendingRows() {
  const networks = useQuery(networksQuery).data ?? [];
  const names = useNames();
  return (
    <Loading label="Loading the apps">
      <ul className={styles.list}>
        {networks
          .filter(({ connect }) => connect.app === 'operator')
          .map(({ platform }) => (
            <li key={platform} className={styles.summary}>
              <NetworkIcon platform={platform} size={22} />
              <span className={styles.name}>
                <strong>{names.network(platform)}</strong>
                <span className={styles.note}>
                  <Skeleton width="12rem" />
                </span>
              </span>
            </li>
          ))}
      </ul>
    </Loading>
  );
}

function AppRow({ app }: { app: NetworkApp }) {
  const names = useNames();
  const { tone, label, note } = STATE[app.source];
  return (
    <li>
      <details>
        <summary className={styles.summary}>
          <NetworkIcon platform={app.platform} size={22} />
          <span className={styles.name}>
            <strong>{names.network(app.platform)}</strong>
            <span className={styles.note}>{note}</span>
          </span>
          <Badge tone={tone}>{label}</Badge>
          <ChevronRight className={styles.chevron} aria-hidden />
        </summary>
        <NetworkAppForm app={app} />
      </details>
    </li>
  );
}
