import { useQuery } from '@tanstack/react-query';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';
import type { ApiToken } from '@/api/types';
import { formatRelative } from '@/lib/dates';
import { useCan } from '@/session/useMe';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { preloadDialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { useTitle } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { refresh, tokensQuery } from './queries';
import styles from './Settings.module.css';
import { TokenDialog } from './TokenDialog';

function use(token: ApiToken): string {
  const used = token.lastUsedAt ? `used ${formatRelative(token.lastUsedAt)}` : 'never used';
  const ends = token.expiresAt ? `ends ${formatRelative(token.expiresAt)}` : 'does not end';
  return `${used} · ${ends}`;
}

export default function TokensPage() {
  useTitle('API tokens');
  const mayManage = useCan('tokens:manage');
  const tokens = useQuery({ ...tokensQuery, enabled: mayManage });
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiToken | null>(null);
  const makeButton = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden />}
      onPointerEnter={preloadDialog}
      onClick={() => setMaking(true)}
    >
      New token
    </Button>
  );

  if (!mayManage) {
    return (
      <Section title="API tokens">
        <p>Your role does not make API tokens. Ask an admin of the organisation.</p>
      </Section>
    );
  }
  return (
    <>
      <Section
        title="API tokens"
        flush
        description={
          <>
            For scripts, n8n and other programs. See the{' '}
            <a href="/api/docs" target="_blank" rel="noreferrer">
              API reference
            </a>
            .
          </>
        }
        actions={tokens.data && tokens.data.length > 0 && makeButton}
      >
        {tokens.isPending ? (
          <Loading label="Loading tokens">
            <div className={styles.list}>
              <div className={styles.row}>
                <Skeleton width="16rem" />
              </div>
            </div>
          </Loading>
        ) : tokens.isError ? (
          <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} />
        ) : tokens.data.length === 0 ? (
          <EmptyState icon={<KeyRound />} title="No tokens yet" actions={makeButton}>
            <p>A token lets a program do what you allow it, and nothing else.</p>
          </EmptyState>
        ) : (
          <ul className={styles.list}>
            {tokens.data.map((token) => (
              <li key={token.id} className={styles.row}>
                <div className={styles.rowText}>
                  <p className={styles.rowTitle}>
                    {token.name}
                    <Badge>{token.kind === 'service' ? 'Service' : 'Personal'}</Badge>
                  </p>
                  <p className={styles.rowNote}>
                    <code>{token.hint}</code> · {use(token)}
                  </p>
                  <p className={styles.rowNote}>{token.scopes.join(', ')}</p>
                </div>
                <IconButton
                  size="sm"
                  tipAlign="end"
                  label={`Revoke ${token.name}`}
                  onClick={() => setRevoking(token)}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <TokenDialog open={making} onOpenChange={setMaking} />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title={`Revoke ${revoking?.name}?`}
        confirmLabel="Revoke token"
        danger
        onConfirm={async () => {
          if (!revoking) return;
          await unwrap(api.DELETE('/api-tokens/{id}', { params: { path: { id: revoking.id } } }));
          await refresh(keys.tokens);
          toast('The token is revoked.');
        }}
      >
        Programs that use it are refused from now on. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}
