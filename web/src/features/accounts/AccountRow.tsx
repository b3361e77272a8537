import { Ellipsis, ExternalLink, Link2, RefreshCw, Trash2 } from 'lucide-react';
import { asProblem } from '@/api/problem';
import type { QuotaUse, SocialAccount } from '@/api/types';
import { formatDate, formatRelative } from '@/lib/dates';
import { useTimeZone } from '@/session/useMe';
import { AccountAvatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Menu } from '@/ui/Menu';
import { useNames } from '@/ui/networks';
import { toast } from '@/ui/toast';
import styles from './AccountsPage.module.css';
import { useCheckAccount } from './queries';
import { inWords, tightest } from './quota';
import { ACCOUNT_STATUS } from './status';

interface Props {
  account: SocialAccount;
  quotas: readonly QuotaUse[] | undefined;
  mayManage: boolean;
  /** Just connected: drawn for a moment as such. */
  fresh: boolean;
  onReconnect: () => void;
  onRemove: () => void;
}

export function AccountRow({
  account,
  quotas = [],
  mayManage,
  fresh,
  onReconnect,
  onRemove,
}: Props) {
  const zone = useTimeZone();
  const names = useNames();
  const check = useCheckAccount();
  const status = ACCOUNT_STATUS[account.status];
  const name = account.displayName || account.username;
  const network = names.network(account.platform);
  const quota = tightest(quotas);

  const runCheck = () =>
    check.mutate(account.id, {
      onSuccess: (checked) =>
        toast(
          checked.status === 'connected'
            ? `${name} answers as it should.`
            : (checked.statusMessage ?? ACCOUNT_STATUS[checked.status].fallback),
          { tone: checked.status === 'connected' ? 'success' : 'danger' },
        ),
      onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
    });

  return (
    <li className={cx(styles.row, fresh && styles.fresh)}>
      <AccountAvatar account={account} size={44} />
      <div className={styles.who}>
        <p className={styles.name}>{name}</p>
        <p className={styles.handle}>
          @{account.username} · {network}
        </p>
        {quota && (
          <p className={cx(styles.quota, quota.freeAt && styles.full)}>
            {inWords(quota)}
            {quota.freeAt && `, room again ${formatRelative(quota.freeAt)}`}
          </p>
        )}
      </div>
      <div className={styles.state}>
        <Badge tone={status.tone}>{status.label}</Badge>
        <p className={styles.since}>
          {account.status === 'connected'
            ? `since ${formatDate(account.connectedAt, zone)}`
            : `changed ${formatRelative(account.updatedAt)}`}
        </p>
      </div>
      <div className={styles.deeds}>
        <Menu
          trigger={
            <IconButton size="sm" label={`More for ${name}`} tipAlign="end" busy={check.isPending}>
              <Ellipsis aria-hidden />
            </IconButton>
          }
          items={[
            {
              label: `Open on ${network}`,
              icon: <ExternalLink aria-hidden />,
              href: account.profileUrl,
            },
            mayManage && {
              label: 'Check the connection',
              icon: <RefreshCw aria-hidden />,
              onSelect: runCheck,
            },
            mayManage && { label: 'Reconnect', icon: <Link2 aria-hidden />, onSelect: onReconnect },
            mayManage && 'separator',
            mayManage && {
              label: 'Remove account',
              icon: <Trash2 aria-hidden />,
              danger: true,
              onSelect: onRemove,
            },
          ]}
        />
      </div>
      {account.status !== 'connected' && (
        <div className={styles.message}>
          <p>{account.statusMessage ?? status.fallback}</p>
          {mayManage &&
            (status.act ? (
              <Button size="sm" onClick={onReconnect}>
                Reconnect
              </Button>
            ) : (
              <Button size="sm" busy={check.isPending} onClick={runCheck}>
                Check again
              </Button>
            ))}
        </div>
      )}
    </li>
  );
}
