import { useState } from 'react';
import { useSearch } from '@/router/context';
import { navigateHref } from '@/router/history';
import { Link } from '@/router/Link';
import { logIn, safeNext } from '@/session/session';
import { Button } from '@/ui/Button';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { PasswordInput } from '@/ui/PasswordInput';
import styles from './AuthForm.module.css';
import { AuthLayout } from './AuthLayout';

export default function LoginPage() {
  const { next } = useSearch('/login');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const form = useForm({
    submit: () => logIn({ email: email.trim(), password }),
    onDone: () => navigateHref(safeNext(next)),
  });

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
      <Form form={form} className={styles.form}>
        <Field label="E-mail" error={form.error('email')}>
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
        <Field label="Password" error={form.error('password')}>
          <PasswordInput
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" size="lg" block busy={form.busy}>
          Log in
        </Button>
      </Form>
    </AuthLayout>
  );
}
