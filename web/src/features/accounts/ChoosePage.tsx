import { useQuery } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { keys, queryClient } from '@/api/query';
import type { AccountOffer } from '@/api/types';
import { count } from '@/lib/format';
import { useIdParam } from '@/router/context';
import { navigate } from '@/router/history';
import { Avatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { Button, ButtonLink } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { Checkbox } from '@/ui/Choice';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { Form, useForm } from '@/ui/Form';
import { useNames } from '@/ui/networks';
import { PageHeader } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import styles from './ChoosePage.module.css';

const KIND: Record<AccountOffer['choices'][number]['kind'], string> = {
  person: 'Person',
  business: 'Business account',
  page: 'Page',
  channel: 'Channel',
  organization: 'Organisation',
};

/** After the yes on a network's page: which of the accounts behind it shall be connected. */
export default function ChoosePage() {
  const id = useIdParam() ?? '';
  const offer = useQuery({
    queryKey: [keys.accounts, 'offer', id],
    queryFn: () => unwrap(api.GET('/social-accounts/pending/{id}', { params: { path: { id } } })),
    retry: false,
  });

  if (offer.isError) {
    const { status, message } = asProblem(offer.error);
    return status === 404 ? (
      <EmptyState
        icon={<Hourglass />}
        heading="h1"
        title="This choice is over"
        actions={
          <ButtonLink to="/accounts" search={{ connect: '1' }} variant="primary">
            Connect again
          </ButtonLink>
        }
      >
        <p>{message}</p>
      </EmptyState>
    ) : (
      <ErrorState heading="h1" error={offer.error} onRetry={() => void offer.refetch()} />
    );
  }
  return (
    <div className={styles.page}>
      <PageHeader
        title="Which accounts?"
        description="You can publish to the ones you choose. The others stay out of AllIN."
      />
      <Card flush>
        {offer.isPending ? (
          <Loading label="Loading the accounts">
            {[0, 1, 2].map((row) => (
              <div key={row} className={styles.choice}>
                <Skeleton width={40} height={40} round />
                <Skeleton width="11rem" />
              </div>
            ))}
          </Loading>
        ) : (
          <Choices id={id} offer={offer.data} />
        )}
      </Card>
    </div>
  );
}

function Choices({ id, offer: { platform, choices } }: { id: string; offer: AccountOffer }) {
  const network = useNames().network(platform);
  // What was connected before is what people come here to renew.
  const known = choices.filter((choice) => choice.alreadyConnected).map((choice) => choice.key);
  const only = choices.length === 1 ? choices.map((choice) => choice.key) : [];
  const [chosen, setChosen] = useState(known.length > 0 ? known : only);
  const form = useForm({
    submit: async () =>
      (
        await unwrap(
          api.POST('/social-accounts/pending/{id}', {
            params: { path: { id } },
            body: { keys: chosen },
          }),
        )
      ).data,
    onDone: async (accounts) => {
      await queryClient.invalidateQueries({ queryKey: [keys.accounts], exact: true });
      toast(
        accounts.length === 1 && accounts[0]
          ? `${accounts[0].displayName || accounts[0].username} is connected.`
          : `${count(accounts.length, 'account')} are connected.`,
      );
      await navigate({ to: '/accounts', replace: true });
    },
  });
  const refused = form.error('keys');

  if (choices.length === 0) {
    return (
      <EmptyState
        calm
        icon={<Hourglass />}
        title={`${network} offers nothing to publish to`}
        actions={<ButtonLink to="/accounts">Back to the accounts</ButtonLink>}
      >
        <p>There is no page, channel or profile that you may publish to with this login.</p>
      </EmptyState>
    );
  }
  return (
    <Form form={form}>
      <ul aria-label={`Accounts on ${network}`}>
        {choices.map((choice) => (
          <li key={choice.key}>
            <Checkbox
              className={styles.choice}
              checked={chosen.includes(choice.key)}
              onChange={(event) =>
                setChosen((before) =>
                  event.target.checked
                    ? [...before, choice.key]
                    : before.filter((key) => key !== choice.key),
                )
              }
              label={
                <span className={styles.who}>
                  <Avatar
                    name={choice.displayName || choice.username}
                    src={choice.avatarUrl}
                    platform={platform}
                    size={40}
                  />
                  <span className={styles.names}>
                    <strong>{choice.displayName || choice.username}</strong>
                    <span>
                      {choice.username && `@${choice.username} · `}
                      {KIND[choice.kind]}
                    </span>
                  </span>
                  {choice.alreadyConnected && <Badge tone="green">Connected</Badge>}
                </span>
              }
            />
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        {refused ? (
          <p className={styles.refused} role="alert">
            {refused}
          </p>
        ) : (
          known.length > 0 && (
            <p className={styles.note}>What is connected already keeps its posts and is renewed.</p>
          )
        )}
        <Button type="submit" variant="primary" busy={form.busy} disabled={chosen.length === 0}>
          {chosen.length > 1 ? `Connect ${chosen.length} accounts` : 'Connect'}
        </Button>
      </div>
    </Form>
  );
}
