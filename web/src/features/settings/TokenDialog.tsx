import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';
import type { Permission } from '@/api/types';
import { useMe } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Checkbox } from '@/ui/Choice';
import { CopyButton } from '@/ui/CopyButton';
import { Dialog } from '@/ui/Dialog';
import { Field, Select, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { refresh } from './queries';
import styles from './Settings.module.css';

const SCOPE: Record<Permission, string> = {
  'posts:read': 'See posts',
  'posts:write': 'Write and change posts',
  'posts:publish': 'Schedule and publish posts',
  'media:read': 'See the media library',
  'media:write': 'Add and change media',
  'accounts:read': 'See connected accounts',
  'accounts:manage': 'Connect and remove accounts',
  'members:read': 'See members',
  'members:manage': 'Invite and remove members',
  'organization:read': 'See the organisation',
  'organization:manage': 'Change the organisation',
  'tokens:manage': 'Make and revoke tokens',
};

const LIFETIMES: [string, string][] = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', '1 year'],
  ['', 'Until it is revoked'],
];

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function TokenDialog({ open, onOpenChange }: Props) {
  const [token, setToken] = useState<string | null>(null);
  const change = (next: boolean) => {
    setToken(null);
    onOpenChange(next);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size="md"
      title={token ? 'Your new token' : 'New API token'}
      // A click beside the dialog must not lose what is shown only once.
      sticky={token !== null}
    >
      {token ? (
        <TokenSecret token={token} onDone={() => change(false)} />
      ) : (
        <TokenForm onMade={setToken} />
      )}
    </Dialog>
  );
}

function TokenSecret({ token, onDone }: { token: string; onDone: () => void }) {
  return (
    <div className={styles.stack}>
      <Callout tone="warning">
        This is the only time the token is shown. Put it where the program finds it, and nowhere
        else.
      </Callout>
      <code className={styles.secret}>{token}</code>
      <div className={styles.actions}>
        <CopyButton text={token} label="Copy token" />
        <Button variant="primary" onClick={onDone}>
          I have saved it
        </Button>
      </div>
    </div>
  );
}

function TokenForm({ onMade }: { onMade: (token: string) => void }) {
  const { permissions } = useMe();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<'personal' | 'service'>('personal');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<Permission[]>(['posts:read']);
  const form = useForm({
    submit: () =>
      unwrap(
        api.POST('/api-tokens', {
          body: {
            name: name.trim(),
            kind,
            scopes,
            expiresInDays: days === '' ? null : Number(days),
          },
        }),
      ),
    onDone: (made) => {
      onMade(made.token);
      void refresh(keys.tokens);
    },
  });

  const scopeProblem = form.error('scopes');
  return (
    <Form form={form} className={styles.stack}>
      <Field label="Name" hint="What uses it, for instance “n8n”." error={form.error('name')}>
        <TextInput
          maxLength={100}
          // The dialog was opened to fill this in.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field
        label="Kind"
        hint={
          kind === 'personal'
            ? 'Acts as you, and ends when you leave the organisation.'
            : 'Belongs to the organisation, and stays when you leave.'
        }
        error={form.error('kind')}
      >
        <Select value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>
          <option value="personal">Personal</option>
          <option value="service">Service</option>
        </Select>
      </Field>
      <Field label="Lasts" error={form.error('expiresInDays')}>
        <Select value={days} onChange={(event) => setDays(event.target.value)}>
          {LIFETIMES.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <fieldset>
        <legend className={styles.legend}>What it may do</legend>
        <div className={styles.scopes}>
          {permissions.map((scope) => (
            <Checkbox
              key={scope}
              label={SCOPE[scope] ?? scope}
              hint={<code>{scope}</code>}
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes((before) =>
                  event.target.checked
                    ? [...before, scope]
                    : before.filter((item) => item !== scope),
                )
              }
            />
          ))}
        </div>
        {scopeProblem && (
          <p className={styles.fieldError} role="alert">
            {scopeProblem}
          </p>
        )}
      </fieldset>
      <Button type="submit" variant="primary" block busy={form.busy}>
        Make the token
      </Button>
    </Form>
  );
}
