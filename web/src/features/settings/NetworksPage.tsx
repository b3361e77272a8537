import { useQuery } from '@tanstack/react-query';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Network } from '@/api/types';
import { networksQuery } from '@/features/accounts/queries';
import { formatBytes } from '@/lib/format';
import { useCan } from '@/session/useMe';
import { ButtonLink } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { ErrorState } from '@/ui/ErrorState';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useTitle } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { NetworkAppsSection } from './NetworkAppsSection';
import styles from './Settings.module.css';

function YesNo({ yes }: { yes: boolean }) {
  const Icon = yes ? Check : Minus;
  return (
    <span className={yes ? styles.yes : styles.no}>
      <Icon size={17} aria-hidden />
      <VisuallyHidden>{yes ? 'yes' : 'no'}</VisuallyHidden>
    </span>
  );
}

function imageTypes(types: string[]): string {
  return types.map((type) => type.replace('image/', '').toUpperCase()).join(', ');
}

const ROWS: [string, (network: Network) => ReactNode][] = [
  [
    'Connects with',
    ({ connect }) => (connect.kind === 'oauth' ? 'A confirmation there' : 'An app password'),
  ],
  ['Characters', ({ limits }) => limits.maxCharacters.toLocaleString('en')],
  [
    'A link counts',
    ({ limits }) => (limits.urlLength ? `${limits.urlLength} characters` : 'As it is written'),
  ],
  [
    'Posts in a thread',
    ({ limits, features }) =>
      features.threads ? `Up to ${limits.maxThreadParts}` : <YesNo yes={false} />,
  ],
  ['Images', ({ limits }) => `Up to ${limits.maxImages}`],
  ['Image size', ({ limits }) => `Up to ${formatBytes(limits.imageMaxBytes)}`],
  ['Image types', ({ limits }) => imageTypes(limits.imageTypes)],
  [
    'Alt text',
    ({ limits, features }) =>
      features.altText ? (
        `Up to ${limits.maxAltCharacters.toLocaleString('en')} characters`
      ) : (
        <YesNo yes={false} />
      ),
  ],
  ['Mentions', ({ features }) => <YesNo yes={features.mentions} />],
  ['Hashtags', ({ features }) => <YesNo yes={features.hashtags} />],
  ['Removing a published post', ({ features }) => <YesNo yes={features.delete} />],
];

export default function NetworksPage() {
  useTitle('Networks');
  const networks = useQuery(networksQuery);
  const mayManage = useCan('organization:manage');
  return (
    <>
      {mayManage && <NetworkAppsSection />}
      <Section
        title="What networks take"
        flush
        description="A server may set its own limits; the account shows those."
        actions={
          <ButtonLink to="/accounts" size="sm">
            Accounts
          </ButtonLink>
        }
      >
        {networks.isPending ? (
          <Loading label="Loading networks">
            <div className={styles.list}>
              <div className={styles.row}>
                <Skeleton height="12rem" />
              </div>
            </div>
          </Loading>
        ) : networks.isError ? (
          <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />
        ) : (
          <div
            className={styles.tableBox}
            // A scrolling region must be reachable by keyboard.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            role="region"
            aria-label="Networks and what they take"
          >
            <table className={styles.table}>
              <thead>
                <tr>
                  <td />
                  {networks.data.map((network) => (
                    <th key={network.platform} scope="col">
                      <span className={styles.tableHead}>
                        <NetworkIcon platform={network.platform} size={18} />
                        {network.name}
                      </span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {ROWS.map(([label, value]) => (
                  <tr key={label}>
                    <th scope="row">{label}</th>
                    {networks.data.map((network) => (
                      <td key={network.platform}>{value(network)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Section>
    </>
  );
}
