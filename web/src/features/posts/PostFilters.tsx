import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { accountsQuery, networksQuery } from '@/features/accounts/queries';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Field';
import { useNames } from '@/ui/networks';

interface Chosen {
  accountId?: string;
  platform?: string;
}

/** The row of filters over posts: `children` first, then which account, which network, and the way out. */
export function PostFilters({
  chosen,
  onChange,
  onClear,
  className,
  children,
}: {
  chosen: Chosen;
  onChange: (next: Chosen) => void;
  /** Takes all filters away, those of `children` too; left out while there are none. */
  onClear?: () => void;
  className?: string;
  children: ReactNode;
}) {
  const names = useNames();
  const accounts = useQuery(accountsQuery).data ?? [];
  const networks = useQuery(networksQuery).data ?? [];
  return (
    <div className={className}>
      {children}
      <Select
        controlSize="sm"
        aria-label="Account"
        value={chosen.accountId ?? ''}
        onChange={(event) => onChange({ accountId: event.target.value || undefined })}
      >
        <option value="">All accounts</option>
        {accounts.map((account) => (
          <option key={account.id} value={account.id}>
            {names.account(account)}
          </option>
        ))}
      </Select>
      <Select
        controlSize="sm"
        aria-label="Network"
        value={chosen.platform ?? ''}
        onChange={(event) => onChange({ platform: event.target.value || undefined })}
      >
        <option value="">All networks</option>
        {networks.map((network) => (
          <option key={network.platform} value={network.platform}>
            {network.name}
          </option>
        ))}
      </Select>
      {onClear && (
        <Button size="sm" variant="ghost" onClick={onClear}>
          Clear
        </Button>
      )}
    </div>
  );
}
