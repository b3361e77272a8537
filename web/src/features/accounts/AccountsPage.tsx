import { useQuery } from '@tanstack/react-query';
import { Plus, Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SocialAccount } from '@/api/types';
import { useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { useCan } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Card } from '@/ui/Card';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { preloadDialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { AccountRow } from './AccountRow';
import styles from './AccountsPage.module.css';
import { ConnectDialog } from './ConnectDialog';
import { accountsQuery, quotasQuery, removeAccount } from './queries';
import { ReconnectDialog } from './ReconnectDialog';

export default function AccountsPage() {
  const accounts = useQuery(accountsQuery);
  const quotas = useQuery(quotasQuery).data;
  const mayManage = useCan('accounts:manage');
  const { connectError, message, connected, connect } = useSearch('/accounts');
  const [reconnecting, setReconnecting] = useState<SocialAccount | null>(null);
  const [removing, setRemoving] = useState<SocialAccount | null>(null);
  const [fresh, setFresh] = useState<string | undefined>(connected);

  const setConnecting = (open: boolean) =>
    void navigate({ to: '/accounts', search: open ? { connect: '1' } : {}, replace: true });

  // The network's own page sent the browser back here: say what came of it, once.
  const arrived = accounts.data?.find((account) => account.id === connected);
  useEffect(() => {
    if (!arrived) return;
    toast(`${arrived.displayName || arrived.username} is connected.`);
    void navigate({ to: '/accounts', search: {}, replace: true });
  }, [arrived]);

  const onConnected = (account: SocialAccount) => {
    setReconnecting(null);
    setFresh(account.id);
    toast(`${account.displayName || account.username} is connected.`);
  };

  const connectButton = mayManage && (
    <Button
      variant="primary"
      icon={<Plus aria-hidden />}
      onPointerEnter={preloadDialog}
      onClick={() => setConnecting(true)}
    >
      Connect account
    </Button>
  );

  return (
    <div>
      <PageHeader
        title="Accounts"
        description="The profiles and pages this organisation publishes to."
        actions={accounts.data && accounts.data.length > 0 && connectButton}
      />

      {connectError && (
        <Callout
          tone="danger"
          title="The account is not connected"
          className={styles.callout}
          actions={
            <>
              <Button size="sm" onClick={() => setConnecting(true)}>
                Try again
              </Button>
              <Button
                size="sm"
                variant="ghost"
                onClick={() => void navigate({ to: '/accounts', search: {}, replace: true })}
              >
                Dismiss
              </Button>
            </>
          }
        >
          {message ??
            'The network did not let AllIN in. Try again, and allow the access it asks for.'}
        </Callout>
      )}

      <Card flush>
        {accounts.isPending ? (
          <AccountSkeletons />
        ) : accounts.isError ? (
          <ErrorState error={accounts.error} onRetry={() => void accounts.refetch()} />
        ) : accounts.data.length === 0 ? (
          <EmptyState icon={<Share2 />} title="Connect your first account" actions={connectButton}>
            <p>
              {mayManage
                ? 'Choose a network and say yes there. You can connect as many accounts as you like.'
                : 'Ask someone who manages this organisation to connect one.'}
            </p>
          </EmptyState>
        ) : (
          <ul>
            {accounts.data.map((account) => (
              <AccountRow
                key={account.id}
                account={account}
                quotas={
                  quotas?.find(({ socialAccountId }) => socialAccountId === account.id)?.quotas
                }
                mayManage={mayManage}
                fresh={account.id === fresh}
                onReconnect={() => setReconnecting(account)}
                onRemove={() => setRemoving(account)}
              />
            ))}
          </ul>
        )}
      </Card>

      <ConnectDialog
        open={connect !== undefined && mayManage}
        onOpenChange={setConnecting}
        onConnected={onConnected}
      />
      {reconnecting && (
        <ReconnectDialog
          account={reconnecting}
          onClose={() => setReconnecting(null)}
          onConnected={onConnected}
        />
      )}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={() => setRemoving(null)}
        title={`Remove ${removing?.displayName || removing?.username}?`}
        confirmLabel="Remove account"
        danger
        onConfirm={async () => {
          if (!removing) return;
          await removeAccount(removing.id);
          toast(`${removing.displayName || removing.username} is removed.`);
        }}
      >
        AllIN forgets its access to this account. What is published stays on the network; posts
        scheduled for it do not go out to it any more.
      </ConfirmDialog>
    </div>
  );
}

function AccountSkeletons() {
  return (
    <Loading label="Loading accounts">
      {[0, 1, 2].map((row) => (
        <div key={row} className={styles.row}>
          <Skeleton width={44} height={44} round />
          <div className={styles.who}>
            <Skeleton width="9rem" />
            <span className={styles.gap} />
            <Skeleton width="14rem" height="0.75rem" />
          </div>
        </div>
      ))}
    </Loading>
  );
}
