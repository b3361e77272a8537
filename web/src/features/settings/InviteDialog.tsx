import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';
import type { Role } from '@/api/types';
import { grantableRoles, ROLE } from '@/session/roles';
import { useMe } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { Dialog } from '@/ui/Dialog';
import { Field, Select, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { refresh } from './queries';
import styles from './Settings.module.css';

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Makes an invitation and shows its link, which is sent by hand. */
export function InviteDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Invite someone"
      description="You get a link to send to them. It works once, for that address only."
    >
      <InviteForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function InviteForm({ onDone }: { onDone: () => void }) {
  const { user } = useMe();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('publisher');
  const form = useForm({
    submit: () => unwrap(api.POST('/invitations', { body: { email: email.trim(), role } })),
    onDone: () => refresh(keys.invitations),
  });

  if (form.done) {
    return (
      <div className={styles.stack}>
        <p>
          Send this link to <strong>{form.done.email}</strong>. It is shown only now.
        </p>
        <code className={styles.secret}>{form.done.url}</code>
        <div className={styles.actions}>
          <CopyButton text={form.done.url} label="Copy link" />
          <Button variant="primary" onClick={onDone}>
            Done
          </Button>
        </div>
      </div>
    );
  }
  return (
    <Form form={form} className={styles.stack}>
      <Field label="E-mail" error={form.error('email')}>
        <TextInput
          type="email"
          inputMode="email"
          autoComplete="off"
          // The dialog was opened to fill this in.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label="Role" error={form.error('role')} hint={`This role ${ROLE[role].description}`}>
        <Select value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {grantableRoles(user.role).map((item) => (
            <option key={item} value={item}>
              {ROLE[item].name}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" variant="primary" block busy={form.busy}>
        Make the invitation
      </Button>
    </Form>
  );
}
