import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { browserTimeZone } from '@/lib/dates';
import { navigate } from '@/router/history';
import { switchOrganization } from '@/session/session';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { toast } from '@/ui/toast';
import styles from './NewOrganization.module.css';

/** Makes an organisation and goes into it. */
export default function NewOrganization({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const form = useForm({
    submit: async () => {
      const made = await unwrap(
        api.POST('/organizations', { body: { name: name.trim(), timeZone: browserTimeZone() } }),
      );
      await switchOrganization(made.id);
      return made;
    },
    onDone: async (made) => {
      await navigate({ to: '/' });
      onClose();
      toast(`You are now in ${made.name}.`);
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New organisation"
      description="With accounts, posts, media and members of its own. You become its owner."
    >
      <Form form={form} className={styles.form}>
        <Field label="Name" error={form.error('name')}>
          <TextInput
            maxLength={100}
            // The dialog was opened to fill this in.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" block busy={form.busy}>
          Create organisation
        </Button>
      </Form>
    </Dialog>
  );
}
