import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, csrfToken, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import type { InvitationPreview } from '@/api/types';
import { useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { Link } from '@/router/Link';
import { acceptInvitation, logOut } from '@/session/session';
import { meQuery } from '@/session/useMe';
import { ROLE } from '@/session/roles';
import { Button, ButtonLink } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { PasswordInput } from '@/ui/PasswordInput';
import { PasswordRules } from '@/ui/PasswordRules';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './AuthForm.module.css';
import { AuthLayout } from './AuthLayout';

export default function InvitePage() {
  const { token = '' } = useSearch('/invite');
  const invitation = useQuery({
    queryKey: ['invitation-preview', token],
    queryFn: () => unwrap(api.POST('/invitations/preview', { body: { token } })),
    enabled: token !== '',
  });
  const me = useQuery({ ...meQuery, enabled: csrfToken() !== null });

  if (token === '' || invitation.isError) {
    return (
      <AuthLayout
        title="This invitation does not work"
        description={
          invitation.isError
            ? asProblem(invitation.error).message
            : 'The link is not complete. Open it once more from the message it came in.'
        }
      >
        <ButtonLink to="/" variant="primary" size="lg" block>
          {me.data ? 'Go to the overview' : 'Log in'}
        </ButtonLink>
      </AuthLayout>
    );
  }
  if (invitation.isPending || me.isLoading) {
    return (
      <AuthLayout title="You are invited">
        <Loading>
          <Skeleton height="9rem" />
        </Loading>
      </AuthLayout>
    );
  }
  return <Accept token={token} invitation={invitation.data} loggedInAs={me.data?.user.email} />;
}

function Accept({
  token,
  invitation,
  loggedInAs,
}: {
  token: string;
  invitation: InvitationPreview;
  loggedInAs: string | undefined;
}) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { email, organizationName, role, accountExists } = invitation;
  const isMe = loggedInAs?.toLowerCase() === email.toLowerCase();
  const form = useForm({
    submit: () => acceptInvitation(isMe ? { token } : { token, name, password }),
    onDone: () => navigate({ to: '/' }),
  });
  const here = `/invite?token=${encodeURIComponent(token)}`;

  const title = `Join ${organizationName}`;
  const description = (
    <>
      {email} is invited as <strong>{ROLE[role].name.toLowerCase()}</strong>:{' '}
      {ROLE[role].description}
    </>
  );

  if (loggedInAs && !isMe) {
    return (
      <AuthLayout title={title} description={description}>
        <Callout tone="warning">
          You are logged in as {loggedInAs}. Log out to accept this invitation as {email}.
        </Callout>
        <Button variant="primary" size="lg" block onClick={() => void logOut(here)}>
          Log out and go on
        </Button>
      </AuthLayout>
    );
  }
  if (accountExists && !isMe) {
    return (
      <AuthLayout title={title} description={description}>
        <Callout>There is already an account for this address. Log in with it to join.</Callout>
        <ButtonLink to="/login" search={{ next: here }} variant="primary" size="lg" block>
          Log in to join
        </ButtonLink>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout
      title={title}
      description={description}
      footer={
        !isMe && (
          <>
            Already signed up with this address?{' '}
            <Link to="/login" search={{ next: here }}>
              Log in
            </Link>
          </>
        )
      }
    >
      <Form form={form} className={styles.form}>
        {!isMe && (
          <>
            <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
            <Field label="Your name" error={form.error('name')}>
              <TextInput
                name="name"
                autoComplete="name"
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
            <Field label="Password" error={form.error('password')}>
              <PasswordInput
                name="password"
                autoComplete="new-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            </Field>
            <PasswordRules password={password} email={email} />
          </>
        )}
        <Button type="submit" variant="primary" size="lg" block busy={form.busy}>
          Join {organizationName}
        </Button>
      </Form>
    </AuthLayout>
  );
}
