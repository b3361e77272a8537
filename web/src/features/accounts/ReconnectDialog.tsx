import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { asProblem } from '@/api/problem';
import type { SocialAccount } from '@/api/types';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Dialog } from '@/ui/Dialog';
import { Field } from '@/ui/Field';
import { useNames } from '@/ui/networks';
import { PasswordInput } from '@/ui/PasswordInput';
import styles from './ConnectDialog.module.css';
import { networksQuery, useReconnect } from './queries';

/** Renews the access to one account: a new app password, or a trip to the network's own page. */
export function ReconnectDialog({
  account,
  onClose,
  onConnected,
}: {
  account: SocialAccount;
  onClose: () => void;
  onConnected: (account: SocialAccount) => void;
}) {
  const names = useNames();
  const networks = useQuery(networksQuery);
  const reconnect = useReconnect();
  const [leaving, setLeaving] = useState(false);
  const network = networks.data?.find((item) => item.platform === account.platform);
  const secret = network?.connect.fields.find((field) => field.secret);
  const problem = reconnect.error ? asProblem(reconnect.error) : null;
  const name = names.network(account.platform);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('appPassword');
    reconnect.mutate(
      { id: account.id, appPassword: typeof given === 'string' ? given.trim() : undefined },
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
    <Dialog
      open
      onOpenChange={onClose}
      title={`Reconnect ${account.displayName || account.username}`}
      description={
        secret
          ? `Make a new app password on ${name} and paste it here. Scheduled posts stay as they are.`
          : `You confirm on ${new URL(account.serverUrl).host} and come back here. Scheduled posts stay as they are.`
      }
    >
      <form className={styles.form} onSubmit={submit} noValidate>
        {problem && !problem.field('appPassword') && (
          <Callout tone="danger">{problem.message}</Callout>
        )}
        {secret && (
          <Field label={secret.label} hint={secret.help} error={problem?.field('appPassword')}>
            <PasswordInput
              name="appPassword"
              placeholder={secret.placeholder}
              autoComplete="off"
              // The dialog was opened to fill this in.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
            />
          </Field>
        )}
        <Button
          type="submit"
          variant="primary"
          block
          busy={reconnect.isPending || leaving || networks.isPending}
        >
          {secret ? 'Reconnect' : `Continue on ${new URL(account.serverUrl).host}`}
        </Button>
      </form>
    </Dialog>
  );
}
