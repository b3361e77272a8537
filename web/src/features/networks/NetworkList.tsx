import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { networksQuery } from '@/features/accounts/queries';
import { listNames } from '@/lib/format';
import { Link } from '@/router/Link';
import { ErrorState } from '@/ui/ErrorState';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './NetworkList.module.css';

/** The networks, each a way to its page. */
export function NetworkList() {
  const networks = useQuery(networksQuery);
  if (networks.isPending) {
    return (
      <Loading label="Loading networks">
        <div className={styles.waiting}>
          <Skeleton height="12rem" />
        </div>
      </Loading>
    );
  }
  if (networks.isError) {
    return <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />;
  }
  return (
    <ul className={styles.list}>
      {networks.data.map(({ platform, name, formats }) => (
        <li key={platform}>
          <Link to="/networks/$id" params={{ id: platform }} className={styles.item}>
            <NetworkIcon platform={platform} size={22} />
            <span className={styles.text}>
              <strong>{name}</strong>
              <span>
                {listNames(
                  formats.map((format) => format.name),
                  5,
                )}
              </span>
            </span>
            <ChevronRight size={16} aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}
