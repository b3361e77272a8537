import { useMutation } from '@tanstack/react-query';
import {
  BookOpen,
  CircleAlert,
  CircleCheck,
  ExternalLink,
  FlaskConical,
  Trash2,
} from 'lucide-react';
import { useState } from 'react';
import { asProblem } from '@/api/problem';
import type { NetworkApp, NetworkAppTest } from '@/api/types';
import { formatDate } from '@/lib/dates';
import { useTimeZone } from '@/session/useMe';
import { Button, ButtonAnchor, ButtonLink } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { CopyButton } from '@/ui/CopyButton';
import { Field, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { useNames } from '@/ui/networks';
import { PasswordInput } from '@/ui/PasswordInput';
import { toast } from '@/ui/toast';
import styles from './NetworkApps.module.css';
import { removeApp, setApp, testApp } from './networkApps';

/** Registering the app with the network, step by step, and telling AllIN its id and secret. */
export function NetworkAppForm({ app }: { app: NetworkApp }) {
  const name = useNames().network(app.platform);
  const test = useMutation({ mutationFn: () => testApp(app.platform) });
  const [removing, setRemoving] = useState(false);
  const own = app.source === 'organization';
  return (
    <div className={styles.body}>
      {app.source === 'instance' && (
        <Callout>
          The operator of this server has set up an app for every organisation. Nothing is left to
          do, unless you want people to see your own name when they connect.
        </Callout>
      )}
      <ol className={styles.steps}>
        <li>
          <p className={styles.step}>Register an app with {name}</p>
          <div className={styles.deeds}>
            <ButtonLink
              size="sm"
              to="/networks/$id"
              params={{ id: app.platform }}
              hash="guide"
              icon={<BookOpen aria-hidden />}
            >
              Read the guide
            </ButtonLink>
            {app.consoleUrl && (
              <ButtonAnchor
                size="sm"
                href={app.consoleUrl}
                target="_blank"
                rel="noreferrer"
                icon={<ExternalLink aria-hidden />}
              >
                Open {name}’s developer pages
              </ButtonAnchor>
            )}
          </div>
        </li>
        <li>
          <p className={styles.step}>Give it this redirect address, to the letter</p>
          <div className={styles.address}>
            <code>{app.redirectUri}</code>
            <CopyButton text={app.redirectUri} label="Copy" />
          </div>
        </li>
        {app.scopes.length > 0 && (
          <li>
            <p className={styles.step}>Ask {name} for these permissions</p>
            <dl className={styles.scopes}>
              {app.scopes.map(({ scope, why, required }) => (
                <div key={scope}>
                  <dt>
                    <code>{scope}</code>
                  </dt>
                  <dd>
                    {why}
                    {!required && ' (optional)'}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        )}
        <li>
          <p className={styles.step}>Tell AllIN the app’s id and secret</p>
          {/* What was typed goes with the app that was removed. */}
          <Credentials key={String(own)} app={app} onSaved={() => test.mutate()} />
        </li>
      </ol>
      <TestResult test={test} />
      {app.source !== 'none' && (
        <div className={styles.deeds}>
          <Button
            icon={<FlaskConical aria-hidden />}
            busy={test.isPending}
            onClick={() => test.mutate()}
          >
            Test the app
          </Button>
          {own && (
            <Button
              variant="dangerGhost"
              icon={<Trash2 aria-hidden />}
              onClick={() => setRemoving(true)}
            >
              Remove
            </Button>
          )}
        </div>
      )}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove the app of ${name}?`}
        confirmLabel="Remove app"
        danger
        onConfirm={async () => {
          await removeApp(app.platform);
          test.reset();
          toast(`The app of ${name} is removed.`);
        }}
      >
        Accounts that were connected with it stop publishing once their access runs out, and must
        then be connected again.
      </ConfirmDialog>
    </div>
  );
}

function Credentials({ app, onSaved }: { app: NetworkApp; onSaved: () => void }) {
  const zone = useTimeZone();
  const name = useNames().network(app.platform);
  const [clientId, setClientId] = useState(app.clientId ?? '');
  const [clientSecret, setSecret] = useState('');
  const form = useForm({
    submit: () => setApp(app.platform, { clientId: clientId.trim(), clientSecret }),
    onDone: () => {
      setSecret('');
      toast(`The app of ${name} is saved.`);
      onSaved();
    },
  });
  return (
    <Form form={form} className={styles.form}>
      <Field
        label="App id"
        hint="Some networks call it client key or API key."
        error={form.error('clientId')}
      >
        <TextInput
          autoComplete="off"
          spellCheck={false}
          value={clientId}
          onChange={(event) => setClientId(event.target.value)}
        />
      </Field>
      <Field
        label="App secret"
        hint={
          app.secretHint
            ? `The saved one ends in ${app.secretHint}${app.updatedAt ? `, since ${formatDate(app.updatedAt, zone)}` : ''}. It can’t be shown again, only replaced.`
            : 'It is stored encrypted and never shown again.'
        }
        error={form.error('clientSecret')}
      >
        <PasswordInput
          autoComplete="off"
          value={clientSecret}
          onChange={(event) => setSecret(event.target.value)}
        />
      </Field>
      <div>
        <Button
          type="submit"
          variant="primary"
          busy={form.busy}
          disabled={clientId.trim() === '' || clientSecret.trim() === ''}
        >
          Save and test
        </Button>
      </div>
    </Form>
  );
}

function TestResult({
  test,
}: {
  test: { data?: NetworkAppTest; error: unknown; isPending: boolean };
}) {
  return (
    <div role="status">
      {test.isPending ? null : test.error ? (
        <Callout tone="danger">{asProblem(test.error).message}</Callout>
      ) : test.data ? (
        <Callout
          tone={test.data.ok ? 'success' : 'warning'}
          title={test.data.ok ? 'Accounts can be connected' : 'Something is not right yet'}
        >
          <ul className={styles.checks}>
            {test.data.checks.map((check) => (
              <li key={check.name} data-ok={check.ok}>
                {check.ok ? <CircleCheck aria-label="Fine" /> : <CircleAlert aria-label="Wrong" />}
                {check.message}
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </div>
  );
}
