import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { queryClient } from '@/api/query';
import { setTheme, useTheme, type ThemeChoice } from '@/lib/theme';
import { meQuery, useMe } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { useTitle } from '@/ui/PageHeader';
import { PasswordInput } from '@/ui/PasswordInput';
import { PasswordRules } from '@/ui/PasswordRules';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/toast';
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
  const form = useForm({
    submit: () => unwrap(api.PATCH('/auth/me', { body: { name: name.trim() } })),
    onDone: (me) => {
      queryClient.setQueryData(meQuery.queryKey, me);
      toast('Your profile is saved.');
    },
  });
  return (
    <Section title="Profile">
      <Form form={form} className={styles.form}>
        <Field label="Name" error={form.error('name')}>
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
            busy={form.busy}
            disabled={name.trim() === user.name}
          >
            Save profile
          </Button>
        </div>
      </Form>
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
  const form = useForm({
    submit: () => unwrap(api.POST('/auth/password', { body: { currentPassword, newPassword } })),
    onDone: () => {
      setCurrent('');
      setNew('');
      toast('Your password is changed. Other sessions are logged out.');
    },
  });
  return (
    <Section title="Password" description="Changing it logs you out everywhere else.">
      <Form form={form} className={styles.form}>
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <Field label="Present password" error={form.error('currentPassword')}>
          <PasswordInput
            name="current-password"
            autoComplete="current-password"
            value={currentPassword}
            onChange={(event) => setCurrent(event.target.value)}
          />
        </Field>
        <Field label="New password" error={form.error('newPassword')}>
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
            busy={form.busy}
            disabled={currentPassword === '' || newPassword === ''}
          >
            Change password
          </Button>
        </div>
      </Form>
    </Section>
  );
}
