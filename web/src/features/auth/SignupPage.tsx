import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import { browserTimeZone } from '@/lib/dates';
import { signUp } from '@/session/session';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Field, TextInput } from '@/ui/Field';
import { PasswordInput } from '@/ui/PasswordInput';
import { PasswordRules } from '@/ui/PasswordRules';
import { useFocusInvalid } from '@/ui/useFocusInvalid';
import styles from './AuthForm.module.css';
import { AuthLayout } from './AuthLayout';

export default function SignupPage() {
  const navigate = useNavigate();
  const [values, setValues] = useState({ name: '', email: '', password: '', tenantName: '' });
  const register = useMutation({
    mutationFn: () =>
      signUp({ ...values, email: values.email.trim(), timeZone: browserTimeZone() }),
    onSuccess: () => navigate({ to: '/' }),
  });
  const problem = register.error ? asProblem(register.error) : null;
  const form = useFocusInvalid(problem);
  const taken = problem?.code === 'EMAIL_TAKEN' ? problem.message : undefined;
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
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          register.mutate();
        }}
      >
        {problem && problem.fields.length === 0 && !taken && (
          <Callout tone="danger">{problem.message}</Callout>
        )}
        <Field label="Your name" error={problem?.field('name')}>
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
          error={problem?.field('tenantName')}
        >
          <TextInput
            name="organization"
            autoComplete="organization"
            maxLength={100}
            value={values.tenantName}
            onChange={set('tenantName')}
          />
        </Field>
        <Field label="E-mail" error={problem?.field('email') ?? taken}>
          <TextInput
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            value={values.email}
            onChange={set('email')}
          />
        </Field>
        <Field label="Password" error={problem?.field('password')}>
          <PasswordInput
            name="password"
            autoComplete="new-password"
            value={values.password}
            onChange={set('password')}
          />
        </Field>
        <PasswordRules password={values.password} email={values.email} />
        <Button type="submit" variant="primary" size="lg" block busy={register.isPending}>
          Create account
        </Button>
      </form>
    </AuthLayout>
  );
}
