import { useState } from 'react';
import { browserTimeZone } from '@/lib/dates';
import { navigate } from '@/router/history';
import { Link } from '@/router/Link';
import { signUp } from '@/session/session';
import { Button } from '@/ui/Button';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { PasswordInput } from '@/ui/PasswordInput';
import { PasswordRules } from '@/ui/PasswordRules';
import styles from './AuthForm.module.css';
import { AuthLayout } from './AuthLayout';

export default function SignupPage() {
  const [values, setValues] = useState({ name: '', email: '', password: '', tenantName: '' });
  const form = useForm({
    submit: () => signUp({ ...values, email: values.email.trim(), timeZone: browserTimeZone() }),
    onDone: () => navigate({ to: '/' }),
  });
  const taken = form.problem?.code === 'EMAIL_TAKEN' ? form.problem.message : undefined;
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues((before) => ({ ...before, [name]: event.target.value }));

  return (
    <AuthLayout
      title="Start with AllIN"
      description="You become the owner of a new organisation. Others join it by invitation."
      footer={
        <>
          Already signed up? <Link to="/login">Log in</Link>
        </>
      }
    >
      <Form form={form} className={styles.form} beside={taken !== undefined}>
        <Field label="Your name" error={form.error('name')}>
          <TextInput
            name="name"
            autoComplete="name"
            maxLength={100}
            // The page is for nothing else.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={values.name}
            onChange={set('name')}
          />
        </Field>
        <Field
          label="Organisation"
          hint="A team, a company, a client, or just you. You can change it later."
          error={form.error('tenantName')}
        >
          <TextInput
            name="organization"
            autoComplete="organization"
            maxLength={100}
            value={values.tenantName}
            onChange={set('tenantName')}
          />
        </Field>
        <Field label="E-mail" error={form.error('email') ?? taken}>
          <TextInput
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            value={values.email}
            onChange={set('email')}
          />
        </Field>
        <Field label="Password" error={form.error('password')}>
          <PasswordInput
            name="password"
            autoComplete="new-password"
            value={values.password}
            onChange={set('password')}
          />
        </Field>
        <PasswordRules password={values.password} email={values.email} />
        <Button type="submit" variant="primary" size="lg" block busy={form.busy}>
          Create account
        </Button>
      </Form>
    </AuthLayout>
  );
}
