import { useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import { logIn, safeNext } from '@/session/session';
import { Button } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Field, TextInput } from '@/ui/Field';
import { PasswordInput } from '@/ui/PasswordInput';
import { useFocusInvalid } from '@/ui/useFocusInvalid';
import styles from './AuthForm.module.css';
import { AuthLayout } from './AuthLayout';

const route = getRouteApi('/login');

export default function LoginPage() {
  const { next } = route.useSearch();
  const { history } = useRouter();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => logIn({ email: email.trim(), password }),
    onSuccess: () => history.push(safeNext(next)),
  });
  const problem = login.error ? asProblem(login.error) : null;
  const form = useFocusInvalid(problem);

  return (
    <AuthLayout
      title="Log in"
      description={next ? 'You go on where you were.' : undefined}
      footer={
        <>
          No account yet? <Link to="/signup">Sign up</Link>
        </>
      }
    >
      <form
        ref={form}
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          login.mutate();
        }}
      >
        {problem && problem.fields.length === 0 && (
          <Callout tone="danger">{problem.message}</Callout>
        )}
        <Field label="E-mail" error={problem?.field('email')}>
          <TextInput
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            // The page is for nothing else.
            // eslint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label="Password" error={problem?.field('password')}>
          <PasswordInput
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" size="lg" block busy={login.isPending}>
          Log in
        </Button>
      </form>
    </AuthLayout>
  );
}
