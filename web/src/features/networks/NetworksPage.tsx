import { useQuery } from '@tanstack/react-query';
import { Check, Minus } from 'lucide-react';
import type { Network } from '@/api/types';
import { networksQuery } from '@/features/accounts/queries';
import { useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { Section } from '@/ui/Card';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Finder } from './Finder';
import { NetworkList } from './NetworkList';
import styles from './Networks.module.css';
import { PrintButton } from './PrintButton';
import { FEATURES } from './words';

/** What every network takes, side by side. */
export default function NetworksPage() {
  const { q = '' } = useSearch('/networks');
  const networks = useQuery(networksQuery);
  return (
    <div className={styles.page}>
      <PageHeader
        title="Networks"
        description="What each network takes, and what AllIN does there. Posts are checked against exactly this."
        actions={<PrintButton />}
      />
      {networks.isPending ? (
        <Loading label="Loading networks">
          <Skeleton height="24rem" />
        </Loading>
      ) : networks.isError ? (
        <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />
      ) : (
        <>
          <Finder
            networks={networks.data}
            query={q}
            onQuery={(next) =>
              void navigate({ to: '/networks', search: { q: next || undefined }, replace: true })
            }
            label="Search all networks"
          >
            <Section title="One by one" flush>
              <NetworkList />
            </Section>
            <Comparison networks={networks.data} />
          </Finder>
        </>
      )}
    </div>
  );
}

/** The longest text that one of the network's formats takes. */
function longest({ formats }: Network): string {
  return Math.max(...formats.map(({ text }) => text.maxCharacters)).toLocaleString('en');
}

function Mark({ yes }: { yes: boolean }) {
  return (
    <span className={yes ? styles.yes : styles.no}>
      {yes ? <Check size={17} aria-hidden /> : <Minus size={17} aria-hidden />}
      <VisuallyHidden>{yes ? 'yes' : 'no'}</VisuallyHidden>
    </span>
  );
}

const FILES = [
  ['Images', 'images'],
  ['Videos', 'videos'],
  ['Sound', 'audio'],
  ['Documents', 'documents'],
] as const;

function Comparison({ networks }: { networks: Network[] }) {
  return (
    <Section title="Side by side" flush>
      <div
        className={styles.tableBox}
        // A scrolling region must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label="Networks side by side"
      >
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Network</th>
              <th scope="col">Longest text</th>
              {FILES.map(([label]) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
              {FEATURES.map(([feature, label]) => (
                <th key={feature} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {networks.map((network) => (
              <tr key={network.platform}>
                <th scope="row">{network.name}</th>
                <td>{longest(network)}</td>
                {FILES.map(([label, kind]) => (
                  <td key={label}>
                    <Mark yes={network.formats.some(({ media }) => media[kind] !== null)} />
                  </td>
                ))}
                {FEATURES.map(([feature]) => (
                  <td key={feature}>
                    <Mark yes={network.features[feature]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
