import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ChevronRight } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { asProblem, type Problem } from '@/api/problem';
import type { ConnectField, Network, SocialAccount } from '@/api/types';
import { Button, IconButton } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/ErrorState';
import { Field, TextInput } from '@/ui/Field';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { PasswordInput } from '@/ui/PasswordInput';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './ConnectDialog.module.css';
import { networksQuery, useConnect } from './queries';

/** AllIN registers itself with each server of such a network, so people name theirs. */
const ownServer = (connect: Network['connect']) => connect.app === 'automatic';

/** Where the person says yes: on a server that they name first, or on the network's own page. */
function how({ connect, name }: Network): string {
  if (connect.kind === 'app_password') return 'With an app password';
  return ownServer(connect) ? 'You confirm on your own server' : `You confirm on ${name}`;
}

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConnected: (account: SocialAccount) => void;
}

/** Chooses a network, asks for what that network needs, and connects. */
export function ConnectDialog({ open, onOpenChange, onConnected }: Props) {
  const [network, setNetwork] = useState<Network | null>(null);
  const change = (next: boolean) => {
    onOpenChange(next);
    if (!next) setNetwork(null);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size={network ? 'sm' : 'md'}
      title={network ? `Connect ${network.name}` : 'Connect an account'}
      description={network ? undefined : 'Where do you want to publish? It takes a minute.'}
    >
      {network ? (
        <ConnectForm
          network={network}
          onBack={() => setNetwork(null)}
          onConnected={(account) => {
            change(false);
            onConnected(account);
          }}
        />
      ) : (
        <NetworkChoice onChoose={setNetwork} />
      )}
    </Dialog>
  );
}

function NetworkChoice({ onChoose }: { onChoose: (network: Network) => void }) {
  const networks = useQuery(networksQuery);
  if (networks.isPending) {
    return (
      <Loading>
        <div className={styles.networks}>
          {[0, 1, 2, 3].map((row) => (
            <Skeleton key={row} height="4.25rem" />
          ))}
        </div>
      </Loading>
    );
  }
  if (networks.isError) {
    return <ErrorState error={networks.error} onRetry={() => void networks.refetch()} />;
  }
  return (
    <ul className={styles.networks}>
      {networks.data.map((network) => (
        <li key={network.platform}>
          <button type="button" className={styles.network} onClick={() => onChoose(network)}>
            <span className={styles.glyph} style={{ '--network': network.brand.colour }}>
              <NetworkIcon platform={network.platform} size={22} />
            </span>
            <span className={styles.networkText}>
              <strong>{network.name}</strong>
              <span>{how(network)}</span>
            </span>
            <ChevronRight size={18} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function ConnectForm({
  network,
  onBack,
  onConnected,
}: {
  network: Network;
  onBack: () => void;
  onConnected: (account: SocialAccount) => void;
}) {
  const connect = useConnect();
  const [leaving, setLeaving] = useState(false);
  const { fields, kind } = network.connect;
  const required = fields.filter((field) => field.required);
  const further = fields.filter((field) => !field.required);
  const problem = connect.error ? asProblem(connect.error) : null;
  const beside = problem !== null && fields.some((field) => problem.field(field.name));

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === 'string' && value.trim() !== '') values[name] = value.trim();
    }
    connect.mutate(
      { ...values, platform: network.platform },
      {
        onSuccess: (answer) => {
          if (answer.kind === 'connected') return onConnected(answer.account);
          setLeaving(true);
          window.location.assign(answer.url);
        },
      },
    );
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {problem && !beside && (
        <Callout tone="danger" title={`${network.name} is not connected`}>
          {problem.message}
        </Callout>
      )}
      {required.map((field, index) => (
        <NetworkField key={field.name} field={field} problem={problem} first={index === 0} />
      ))}
      {further.length > 0 && (
        <details className={styles.further}>
          <summary>
            {kind === 'app_password' ? 'My account is on a server of its own' : 'More choices'}
          </summary>
          <div className={styles.form}>
            {further.map((field) => (
              <NetworkField key={field.name} field={field} problem={problem} />
            ))}
          </div>
        </details>
      )}
      <div className={styles.actions}>
        <IconButton label="Choose another network" tipAlign="start" tipSide="top" onClick={onBack}>
          <ArrowLeft aria-hidden />
        </IconButton>
        <Button type="submit" variant="primary" busy={connect.isPending || leaving}>
          {kind === 'app_password'
            ? `Connect ${network.name}`
            : `Continue on ${ownServer(network.connect) ? 'your server' : network.name}`}
        </Button>
      </div>
    </form>
  );
}

function NetworkField({
  field,
  problem,
  first,
}: {
  field: ConnectField;
  problem: Problem | null;
  first?: boolean;
}) {
  const Input = field.secret ? PasswordInput : TextInput;
  return (
    <Field
      label={field.label}
      hint={field.help}
      error={problem?.field(field.name)}
      optional={!field.required}
    >
      <Input
        name={field.name}
        placeholder={field.placeholder}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        // The dialog was opened to fill this in.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={first}
      />
    </Field>
  );
}
