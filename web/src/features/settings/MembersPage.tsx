import { useMutation, useQuery } from '@tanstack/react-query';
import { Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { keys } from '@/api/query';
import type { Invitation, Member, Role } from '@/api/types';
import { formatRelative } from '@/lib/dates';
import { grantableRoles, ROLE } from '@/session/roles';
import { useCan, useMe } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { Badge } from '@/ui/Badge';
import { Button, IconButton } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { preloadDialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/ErrorState';
import { Select } from '@/ui/Field';
import { useTitle } from '@/ui/PageHeader';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { InviteDialog } from './InviteDialog';
import { invitationsQuery, membersQuery, refresh } from './queries';
import styles from './Settings.module.css';

export default function MembersPage() {
  useTitle('Members');
  const mayManage = useCan('members:manage');
  const members = useQuery(membersQuery);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member | null>(null);
  const { organization } = useMe();

  return (
    <>
      <Section
        title="Members"
        description={`Who works in ${organization.name}.`}
        flush
        actions={
          mayManage && (
            <Button
              variant="primary"
              icon={<UserPlus aria-hidden />}
              onPointerEnter={preloadDialog}
              onClick={() => setInviting(true)}
            >
              Invite
            </Button>
          )
        }
      >
        {members.isPending ? (
          <Loading label="Loading members">
            <div className={styles.list}>
              {[0, 1, 2].map((row) => (
                <div key={row} className={styles.row}>
                  <Skeleton width={36} height={36} round />
                  <Skeleton width="14rem" />
                </div>
              ))}
            </div>
          </Loading>
        ) : members.isError ? (
          <ErrorState error={members.error} onRetry={() => void members.refetch()} />
        ) : (
          <ul className={styles.list}>
            {members.data.map((member) => (
              <MemberRow key={member.id} member={member} onRemove={() => setRemoving(member)} />
            ))}
          </ul>
        )}
      </Section>
      {mayManage && <Invitations />}
      <InviteDialog open={inviting} onOpenChange={setInviting} />
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={() => setRemoving(null)}
        title={`Remove ${removing?.name}?`}
        confirmLabel="Remove member"
        danger
        onConfirm={async () => {
          if (!removing) return;
          await unwrap(api.DELETE('/members/{id}', { params: { path: { id: removing.id } } }));
          await refresh(keys.members);
          toast(`${removing.name} is no longer a member.`);
        }}
      >
        {removing?.email} loses access to {organization.name} at once. What they wrote and scheduled
        stays.
      </ConfirmDialog>
    </>
  );
}

function MemberRow({ member, onRemove }: { member: Member; onRemove: () => void }) {
  const { user } = useMe();
  const mayManage = useCan('members:manage');
  const isMe = member.id === user.id;
  const grantable = grantableRoles(user.role);
  const change = useMutation({
    mutationFn: (role: Role) =>
      unwrap(api.PATCH('/members/{id}', { params: { path: { id: member.id } }, body: { role } })),
    onSuccess: ({ role }) => toast(`${member.name} is now ${ROLE[role].name.toLowerCase()}.`),
    onError: (error) => toast(asProblem(error).message, { tone: 'danger' }),
    onSettled: () => refresh(keys.members, keys.me),
  });
  // Somebody above your own role is out of your reach.
  const mayChange = mayManage && grantable.includes(member.role);

  return (
    <li className={styles.row}>
      <Avatar name={member.name} size={36} />
      <div className={styles.rowText}>
        <p className={styles.rowTitle}>
          {member.name} {isMe && <Badge>You</Badge>}
        </p>
        <p className={styles.rowNote}>{member.email}</p>
      </div>
      {mayChange ? (
        <div className={styles.role}>
          <Select
            controlSize="sm"
            aria-label={`Role of ${member.name}`}
            value={change.isPending ? change.variables : member.role}
            disabled={change.isPending}
            onChange={(event) => change.mutate(event.target.value as Role)}
          >
            {grantable.map((role) => (
              <option key={role} value={role}>
                {ROLE[role].name}
              </option>
            ))}
          </Select>
        </div>
      ) : (
        <Badge>{ROLE[member.role].name}</Badge>
      )}
      {mayChange && (
        <IconButton size="sm" label={`Remove ${member.name}`} tipAlign="end" onClick={onRemove}>
          <Trash2 aria-hidden />
        </IconButton>
      )}
    </li>
  );
}

function Invitations() {
  const invitations = useQuery(invitationsQuery);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  if (!invitations.data || invitations.data.length === 0) return null;
  return (
    <Section title="Open invitations" flush>
      <ul className={styles.list}>
        {invitations.data.map((invitation) => (
          <li key={invitation.id} className={styles.row}>
            <div className={styles.rowText}>
              <p className={styles.rowTitle}>{invitation.email}</p>
              <p className={styles.rowNote}>
                {ROLE[invitation.role].name} · invited by {invitation.invitedBy} · ends{' '}
                {formatRelative(invitation.expiresAt)}
              </p>
            </div>
            <IconButton
              size="sm"
              tipAlign="end"
              label={`Withdraw the invitation of ${invitation.email}`}
              onClick={() => setRevoking(invitation)}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={() => setRevoking(null)}
        title="Withdraw this invitation?"
        confirmLabel="Withdraw"
        danger
        onConfirm={async () => {
          if (!revoking) return;
          await unwrap(api.DELETE('/invitations/{id}', { params: { path: { id: revoking.id } } }));
          await refresh(keys.invitations);
          toast('The invitation is withdrawn.');
        }}
      >
        The link sent to {revoking?.email} stops working.
      </ConfirmDialog>
    </Section>
  );
}
