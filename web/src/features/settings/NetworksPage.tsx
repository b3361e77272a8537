import { useQuery } from '@tanstack/react-query';
import { Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Format, Network } from '@/api/types';
import { networksQuery } from '@/features/accounts/queries';
import { formatDay } from '@/lib/dates';
import { count, formatBytes } from '@/lib/format';
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

function types(list: readonly string[]): string {
  return list.map((type) => type.replace(/^.*\//, '').toUpperCase()).join(', ');
}

function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60} min` : `${seconds} s`;
}

function textOf({ text }: Format): string {
  if (text.maxCharacters === 0) return 'None';
  const unit = text.counting === 'bytes' ? 'bytes' : 'characters';
  const more = [
    text.urlLength && `a link counts ${text.urlLength}`,
    text.maxHashtags && `${text.maxHashtags} hashtags`,
    text.maxMentions && `${text.maxMentions} mentions`,
  ].filter(Boolean);
  return [`Up to ${text.maxCharacters.toLocaleString('en')} ${unit}`, ...more].join('; ');
}

function filesOf({ media }: Format): string {
  if (media.max === 0) return 'None';
  const number = media.min === media.max ? `${media.max}` : `${media.min} to ${media.max}`;
  const alt = media.maxAltCharacters;
  return alt ? `${number}; alt text up to ${alt.toLocaleString('en')} characters` : number;
}

function imagesOf({ media: { images } }: Format): ReactNode {
  if (!images) return <No />;
  return `${types(images.types)}; up to ${formatBytes(images.maxBytes)}`;
}

function videosOf({ media: { videos } }: Format): ReactNode {
  if (!videos) return <No />;
  const length = `${duration(videos.minSeconds)} to ${duration(videos.maxSeconds)}`;
  return `${types(videos.types)}; ${length}; up to ${formatBytes(videos.maxBytes)}`;
}

function No() {
  return (
    <span className={styles.no}>
      <Minus size={17} aria-hidden />
      <VisuallyHidden>no</VisuallyHidden>
    </span>
  );
}

const ROWS: [string, (format: Format) => ReactNode][] = [
  ['Text', textOf],
  ['Posts in a thread', ({ maxParts }) => (maxParts > 1 ? `Up to ${maxParts}` : <No />)],
  ['Files', filesOf],
  ['Images', imagesOf],
  ['Videos', videosOf],
  ['Options', ({ options }) => options.map((option) => option.label).join(', ') || <No />],
];

/** What one network takes, format by format. */
function NetworkTable({ network }: { network: Network }) {
  return (
    <details className={styles.network}>
      <summary>
        <NetworkIcon platform={network.platform} size={18} />
        <span className={styles.networkName}>{network.name}</span>
        <span className={styles.networkNote}>{count(network.formats.length, 'format')}</span>
      </summary>
      <div
        className={styles.tableBox}
        // A scrolling region must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={`What ${network.name} takes`}
      >
        <table className={styles.table}>
          <thead>
            <tr>
              <td />
              {network.formats.map((format) => (
                <th key={format.id} scope="col">
                  {format.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([label, value]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {network.formats.map((format) => (
                  <td key={format.id}>{value(format)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.networkNote}>
        Written for{' '}
        <a href={network.api.documentation} target="_blank" rel="noreferrer">
          {network.api.version}
        </a>
        , compared with its documentation on {formatDay(network.api.checked)}.
      </p>
    </details>
  );
}

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
          <div className={styles.networks}>
            {networks.data.map((network) => (
              <NetworkTable key={network.platform} network={network} />
            ))}
          </div>
        )}
      </Section>
    </>
  );
}
