import { Check, Gauge, Plus, TriangleAlert } from 'lucide-react';
import { inWords, share, tightest } from '@/features/accounts/quota';
import { ACCOUNT_STATUS } from '@/features/accounts/status';
import { useNow } from '@/features/posts/useNow';
import { formatDateTime } from '@/lib/dates';
import { Link } from '@/router/Link';
import { useCan, useTimeZone } from '@/session/useMe';
import { AccountAvatar } from '@/ui/Avatar';
import { Button, ButtonLink } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { useNames } from '@/ui/networks';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import styles from './AccountsPicker.module.css';
import { useComposerContext } from './context';
import { accountId, ACCOUNTS_ID } from './problems';

/** How much of a quota is used up before a writer is told of it. */
const WORTH_TELLING = 0.5;

/** Chooses the accounts a post goes to. */
export function AccountsPicker() {
  const { draft, dispatch, accounts, quotasOf } = useComposerContext();
  const names = useNames();
  const zone = useTimeZone();
  const now = useNow();
  const mayManage = useCan('accounts:manage');
  const chosen = new Set(draft.accounts);
  const all = accounts.length > 0 && accounts.every((account) => chosen.has(account.id));
  const broken = accounts.filter(
    (account) => chosen.has(account.id) && ACCOUNT_STATUS[account.status].act,
  );
  const used = accounts
    .filter((account) => chosen.has(account.id))
    .flatMap((account) => {
      const quota = tightest(quotasOf(account));
      return quota && (quota.freeAt || share(quota) >= WORTH_TELLING) ? [{ account, quota }] : [];
    });
  const choose = (ids: string[]) => dispatch({ type: 'accounts', accounts: ids });

  if (accounts.length === 0) {
    return (
      <div className={styles.none} id={ACCOUNTS_ID} tabIndex={-1}>
        <p>
          {mayManage
            ? 'Connect an account to publish. You can write in the meantime.'
            : 'No account is connected yet. Ask someone who manages this organisation.'}
        </p>
        {mayManage && (
          <ButtonLink
            size="sm"
            to="/accounts"
            search={{ connect: '1' }}
            icon={<Plus aria-hidden />}
          >
            Connect account
          </ButtonLink>
        )}
      </div>
    );
  }

  return (
    <div className={styles.picker}>
      <div
        className={styles.row}
        role="group"
        aria-label="Accounts to publish to"
        id={ACCOUNTS_ID}
        tabIndex={-1}
      >
        {accounts.map((account) => (
          <label key={account.id} className={styles.account} title={names.account(account)}>
            <input
              type="checkbox"
              id={accountId(account.id)}
              checked={chosen.has(account.id)}
              onChange={(event) =>
                choose(
                  event.target.checked
                    ? [...draft.accounts, account.id]
                    : draft.accounts.filter((id) => id !== account.id),
                )
              }
            />
            <AccountAvatar account={account} size={28} />
            <span className={styles.name}>
              {account.displayName || account.username}
              <VisuallyHidden> on {names.network(account.platform)}</VisuallyHidden>
            </span>
            {account.status === 'connected' ? (
              <Check className={styles.check} aria-hidden />
            ) : (
              <TriangleAlert
                className={styles.warn}
                aria-label={ACCOUNT_STATUS[account.status].label}
              />
            )}
          </label>
        ))}
        {accounts.length > 1 && (
          <Button
            size="sm"
            variant="ghost"
            onClick={() => choose(all ? [] : accounts.map((account) => account.id))}
          >
            {all ? 'Select none' : 'Select all'}
          </Button>
        )}
      </div>
      {used.map(({ account, quota }) => (
        <p key={account.id} className={cx(styles.quota, quota.freeAt && styles.full)}>
          <Gauge aria-hidden />
          <span>
            {names.account(account)}: {inWords(quota)}
            {quota.freeAt && `. Room again: ${formatDateTime(quota.freeAt, zone, now)}.`}
          </span>
        </p>
      ))}
      {broken.map((account) => (
        <p key={account.id} className={styles.broken}>
          <TriangleAlert aria-hidden />
          <span>
            {account.statusMessage ?? ACCOUNT_STATUS[account.status].fallback}{' '}
            {mayManage ? (
              <Link to="/accounts">Reconnect {account.displayName || account.username}</Link>
            ) : (
              'Ask someone who manages accounts.'
            )}
          </span>
        </p>
      ))}
    </div>
  );
}
