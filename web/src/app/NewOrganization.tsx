import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { browserTimeZone } from '@/lib/dates';
import { switchOrganization } from '@/session/session';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Dialog } from '@/ui/Dialog';
import { Field, TextInput } from '@/ui/Field';
import { toast } from '@/ui/toast';
import { useFocusInvalid } from '@/ui/useFocusInvalid';
import styles from './NewOrganization.module.css';

/** Makes an organisation and goes into it. */
export default function NewOrganization({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: async () => {
      const made = await unwrap(
        api.POST('/organizations', { body: { name: name.trim(), timeZone: browserTimeZone() } }),
      );
      await switchOrganization(made.id);
      return made;
    },
    onSuccess: async (made) => {
      await navigate({ to: '/' });
      onClose();
      toast(`You are now in ${made.name}.`);
    },
  });
  const problem = create.error ? asProblem(create.error) : null;
  const form = useFocusInvalid(problem);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New organisation"
      description="With accounts, posts, media and members of its own. You become its owner."
    >
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        {problem && problem.fields.length === 0 && (
          <Callout tone="danger">{problem.message}</Callout>
        )}
        <Field label="Name" error={problem?.field('name')}>
          <TextInput
            maxLength={100}
            // The dialog was opened to fill this in.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" block busy={create.isPending}>
          Create organisation
        </Button>
      </form>
    </Dialog>
  );
}
