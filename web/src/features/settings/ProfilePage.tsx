import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { queryClient } from '@/api/query';
import { setTheme, useTheme, type ThemeChoice } from '@/lib/theme';
import { meQuery, useMe } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Section } from '@/ui/Card';
import { Field, TextInput } from '@/ui/Field';
import { useTitle } from '@/ui/PageHeader';
import { PasswordInput } from '@/ui/PasswordInput';
import { PasswordRules } from '@/ui/PasswordRules';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/toast';
import { useFocusInvalid } from '@/ui/useFocusInvalid';
import styles from './Settings.module.css';

export default function ProfilePage() {
  useTitle('Profile');
  return (
    <>
      <NameForm />
      <ThemeChoice />
      <PasswordForm />
    </>
  );
}

function NameForm() {
  const { user } = useMe();
  const [name, setName] = useState(user.name);
  const save = useMutation({
    mutationFn: () => unwrap(api.PATCH('/auth/me', { body: { name: name.trim() } })),
    onSuccess: (me) => {
      queryClient.setQueryData(meQuery.queryKey, me);
      toast('Your profile is saved.');
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const form = useFocusInvalid(problem);
  return (
    <Section title="Profile">
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {problem && problem.fields.length === 0 && (
          <Callout tone="danger">{problem.message}</Callout>
        )}
        <Field label="Name" error={problem?.field('name')}>
          <TextInput
            name="name"
            autoComplete="name"
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label="E-mail" hint="You log in with it.">
          <TextInput value={user.email} readOnly disabled />
        </Field>
        <div className={styles.actions}>
          <Button
            type="submit"
            variant="primary"
            busy={save.isPending}
            disabled={name.trim() === user.name}
          >
            Save profile
          </Button>
        </div>
      </form>
    </Section>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <Section title="Appearance" description="For this browser.">
      <Segmented<ThemeChoice>
        label="Theme"
        value={theme}
        onChange={setTheme}
        options={[
          { value: 'system', label: 'As the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
    </Section>
  );
}

function PasswordForm() {
  const { user } = useMe();
  const [currentPassword, setCurrent] = useState('');
  const [newPassword, setNew] = useState('');
  const change = useMutation({
    mutationFn: () =>
      unwrap(api.POST('/auth/password', { body: { currentPassword, newPassword } })),
    onSuccess: () => {
      setCurrent('');
      setNew('');
      toast('Your password is changed. Other sessions are logged out.');
    },
  });
  const problem = change.error ? asProblem(change.error) : null;
  const form = useFocusInvalid(problem);
  return (
    <Section title="Password" description="Changing it logs you out everywhere else.">
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        {problem && problem.fields.length === 0 && (
          <Callout tone="danger">{problem.message}</Callout>
        )}
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <Field label="Present password" error={problem?.field('currentPassword')}>
          <PasswordInput
            name="current-password"
            autoComplete="current-password"
            value={currentPassword}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <Field label="New password" error={problem?.field('newPassword')}>
          <PasswordInput
            name="new-password"
            autoComplete="new-password"
            value={newPassword}
            onChange={(event) => setNew(event.target.value)}
          />
        </Field>
        <PasswordRules password={newPassword} email={user.email} />
        <div className={styles.actions}>
          <Button
            type="submit"
            variant="primary"
            busy={change.isPending}
            disabled={currentPassword === '' || newPassword === ''}
          >
            Change password
          </Button>
        </div>
      </form>
    </Section>
  );
}
