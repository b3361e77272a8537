import { useQuery } from '@tanstack/react-query';
import { BookOpen, Check, Compass, Minus } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { Network } from '@/api/types';
import { networksQuery } from '@/features/accounts/queries';
import { formatDay } from '@/lib/dates';
import { useIdParam, useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { Badge } from '@/ui/Badge';
import { ButtonAnchor, ButtonLink } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useTitle } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { Finder } from './Finder';
import { NetworkNav } from './NetworkNav';
import styles from './Networks.module.css';
import { PrintButton } from './PrintButton';
import { anchors } from './search';
import { showAnchor } from './showAnchor';
import { connectWords, FEATURES, formatFacts, optionRows, optionTakes, quotaWords } from './words';

const Guide = lazy(() => import('./Guide'));

/** All there is to know about one network. */
export default function NetworkPage() {
  const id = useIdParam();
  const networks = useQuery(networksQuery);
  const network = networks.data?.find(({ platform }) => platform === id);
  if (networks.isPending) {
    return (
      <Loading label="Loading the network">
        <Skeleton height="24rem" />
      </Loading>
    );
  }
  if (networks.isError) {
    return (
      <ErrorState heading="h1" error={networks.error} onRetry={() => void networks.refetch()} />
    );
  }
  if (!network) {
    return (
      <EmptyState
        calm
        heading="h1"
        icon={<Compass />}
        title="AllIN knows no such network"
        actions={
          <ButtonLink to="/networks" variant="primary">
            All networks
          </ButtonLink>
        }
      />
    );
  }
  return <Details key={network.platform} network={network} networks={networks.data} />;
}

function Details({ network, networks }: { network: Network; networks: Network[] }) {
  const { q = '' } = useSearch('/networks/$id');
  const { platform, name } = network;
  useTitle(`${name}, what it takes`);
  const page = useRef<HTMLDivElement>(null);
  useEffect(() => showAnchor(page.current), [q]);
  return (
    <div ref={page} className={styles.page}>
      <NetworkNav networks={networks} present={platform} />
      <header className={styles.header}>
        <h1>
          <NetworkIcon platform={platform} size={30} />
          {name}
        </h1>
        <PrintButton />
      </header>
      <Finder
        networks={[network]}
        query={q}
        onQuery={(next) =>
          void navigate({
            to: '/networks/$id',
            params: { id: platform },
            search: { q: next || undefined },
            replace: true,
          })
        }
        label={`Search ${name}`}
      >
        <Glance network={network} />
        <Formats network={network} />
        <Options network={network} />
        <Limits network={network} />
        <Permissions network={network} />
        <Suspense
          fallback={
            <Loading label="Loading the guide">
              <Skeleton height="18rem" />
            </Loading>
          }
        >
          <Guide platform={platform} name={name} />
        </Suspense>
      </Finder>
    </div>
  );
}

function Glance({ network }: { network: Network }) {
  const { api, features } = network;
  return (
    <div id={anchors.glance}>
      <Section
        title="What AllIN does there"
        actions={
          <ButtonAnchor
            size="sm"
            href="#guide"
            className={styles.screenOnly}
            icon={<BookOpen aria-hidden />}
          >
            Guide
          </ButtonAnchor>
        }
      >
        <ul className={styles.features}>
          {FEATURES.map(([feature, label]) => (
            <li key={feature} className={features[feature] ? styles.yes : styles.no}>
              {features[feature] ? (
                <Check size={16} aria-hidden />
              ) : (
                <Minus size={16} aria-hidden />
              )}
              <span>
                <VisuallyHidden>{features[feature] ? '' : 'No '}</VisuallyHidden>
                {label}
              </span>
            </li>
          ))}
        </ul>
        <dl className={styles.facts}>
          <dt>Connecting</dt>
          <dd>{connectWords(network)}</dd>
          <dt>Interface</dt>
          <dd>
            <a href={api.documentation} target="_blank" rel="noreferrer">
              {api.version}
            </a>
            , compared with its documentation on {formatDay(api.checked, { year: true })}
          </dd>
        </dl>
      </Section>
    </div>
  );
}

function Formats({ network }: { network: Network }) {
  return (
    <Section
      title="Formats"
      flush
      description="Larger images and videos in other codecs are made to fit by themselves. An account’s own server may have other limits; the composer shows those."
    >
      <ul className={styles.formats}>
        {network.formats.map((format) => (
          <li key={format.id} id={anchors.format(format.id)}>
            <h3>{format.name}</h3>
            <dl className={styles.facts}>
              {formatFacts(format).map(([label, lines]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    {lines.map((line) => (
                      <span key={line}>{line}</span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Options({ network }: { network: Network }) {
  const rows = optionRows(network.formats);
  if (rows.length === 0) return null;
  const all = network.formats.length;
  return (
    <Section
      title="Options"
      flush
      description="What can be said of a post beside its text and files. A script gives them under the word in grey."
    >
      <ul className={styles.rows}>
        {rows.map(({ option, formats }) => (
          <li key={`${option.key} ${formats.join()}`} id={anchors.option(option.key)}>
            <p className={styles.rowName}>
              <strong>{option.label}</strong>
              <code>{option.key}</code>
              {option.required && <Badge tone="amber">Required</Badge>}
            </p>
            <p className={styles.rowText}>
              {option.help && <span>{option.help}</span>}
              <span className={styles.takes}>{optionTakes(option)}</span>
            </p>
            {all > 1 && (
              <p className={styles.rowFormats}>
                {formats.length === all ? 'Every format' : formats.join(', ')}
              </p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Limits({ network }: { network: Network }) {
  return (
    <div id={anchors.limits}>
      <Section
        title="Limits"
        description={
          network.quotas.length > 0
            ? 'How often the network lets programs publish. AllIN plans with them, and waits where one is reached.'
            : `${network.name} names no number of posts. If it asks to slow down, AllIN waits as long as it says.`
        }
      >
        {network.quotas.length > 0 && (
          <ul className={styles.quotas}>
            {network.quotas.map((quota) => (
              <li key={`${quota.counts} ${quota.windowSeconds}`}>
                <strong>{quotaWords(quota)}</strong>
                <span>
                  {quota.per === 'account'
                    ? 'for each account'
                    : 'for all accounts of the developer app together'}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  );
}

function Permissions({ network }: { network: Network }) {
  const { permissions } = network.connect;
  if (permissions.length === 0) return null;
  return (
    <div id={anchors.permissions}>
      <Section
        title="Permissions"
        flush
        description={`What ${network.name} asks people to allow when they connect.`}
      >
        <ul className={styles.rows}>
          {permissions.map(({ scope, why, required }) => (
            <li key={scope}>
              <p className={styles.rowName}>
                <code>{scope}</code>
              </p>
              <p className={styles.rowText}>
                <span>{why.charAt(0).toUpperCase() + why.slice(1)}</span>
              </p>
              <p className={styles.rowFormats}>
                {required ? 'Always needed' : 'May be left unticked'}
              </p>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
