import { Avatar, Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { showDate } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { Page, Section } from '../../ui/Page';
import { notifyDone, notifyFailed } from '../../ui/notify';
import { RowsLoading } from '../../ui/states';
import { InviteDialog } from './InviteDialog';
import { MemberMenu } from './MemberMenu';
import { invitationsQuery, membersQuery, useResendInvitation, useRevokeInvitation, type Invitation, type Member } from './members';
import { initials } from './names';
import { RoleBadges, type ScopeParts } from './scopes';

function MemberRow({ member, mayManage, scopes }: { member: Member; mayManage: boolean; scopes: ScopeParts }) {
  return (
    <Card padding="md" component="li">
      <Group wrap="nowrap" gap="sm">
        <Avatar color="brand" radius="xl" aria-hidden>
          {initials(member.name)}
        </Avatar>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {member.name}
            </Text>
            {member.status !== 'active' && <Badge color="gray">{member.status === 'suspended' ? 'Suspended' : 'Removed'}</Badge>}
          </Group>
          <Text size="sm" c="dimmed" truncate>
            {member.email}
          </Text>
          <RoleBadges roles={member.roles} Name={scopes.Name} />
        </div>
        {mayManage && member.status !== 'removed' && <MemberMenu member={member} scopes={scopes} />}
      </Group>
    </Card>
  );
}

function InvitationRow({ invitation, scopes }: { invitation: Invitation; scopes: ScopeParts }) {
  const [resend, revoke] = [useResendInvitation(), useRevokeInvitation()];
  const open = invitation.state === 'open' || invitation.state === 'expired';
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text size="sm" fw={600} truncate>
              {invitation.email}
            </Text>
            <Badge color={invitation.state === 'expired' ? 'orange' : 'gray'}>{invitation.state}</Badge>
          </Group>
          <RoleBadges roles={invitation.roles} Name={scopes.Name} />
          <Text size="xs" c="dimmed" mt={4}>
            until {showDate(invitation.expiresAt)}
          </Text>
        </div>
        {open && (
          <Group gap="xs">
            <Button size="xs" variant="default" loading={resend.isPending} aria-label={`Send again to ${invitation.email}`} onClick={() => resend.mutate(invitation.id, { onSuccess: () => notifyDone('A fresh link is on its way.'), onError: notifyFailed })}>
              Send again
            </Button>
            <Button size="xs" variant="default" loading={revoke.isPending} aria-label={`Withdraw the invitation of ${invitation.email}`} onClick={() => revoke.mutate(invitation.id, { onSuccess: () => notifyDone('The invitation is withdrawn.'), onError: notifyFailed })}>
              Withdraw
            </Button>
          </Group>
        )}
      </Group>
    </Card>
  );
}

function Invitations({ scopes }: { scopes: ScopeParts }) {
  const invitations = useInfiniteQuery(invitationsQuery);
  const waiting = invitations.data?.pages.flatMap((page) => page.items).filter(({ state }) => state === 'open' || state === 'expired') ?? [];
  if (waiting.length === 0) return <ErrorNote error={invitations.error} />;
  return (
    <Section title="Invited, not joined yet">
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {waiting.map((each) => (
          <InvitationRow key={each.id} invitation={each} scopes={scopes} />
        ))}
      </Stack>
    </Section>
  );
}

export function MembersPage({ mayInvite, mayManage, scopes }: { mayInvite: boolean; mayManage: boolean; scopes: ScopeParts }) {
  const [typed, setTyped] = useState('');
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  const [inviting, setInviting] = useState(false);
  const members = useInfiniteQuery({ ...membersQuery(wanted), placeholderData: keepPreviousData });
  return (
    <Page
      title="People" subtitle="Who belongs to the organisation, and what they may do."
      actions={mayInvite ? <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>Invite people</Button> : undefined}
    >
      {mayInvite && <Invitations scopes={scopes} />}
      <Section title="Members">
        <TextInput w={{ base: '100%', xs: 320 }} label="Search by name or address" value={typed} leftSection={<IconSearch size={16} aria-hidden />} onChange={(event) => setTyped(event.currentTarget.value)} />
        <ErrorNote error={members.error} />
        {members.isPending && <RowsLoading />}
        <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Members">
          {members.data?.pages.flatMap((page) => page.items).map((member) => (
            <MemberRow key={member.userId} member={member} mayManage={mayManage} scopes={scopes} />
          ))}
        </Stack>
        {members.hasNextPage && (
          <Group>
            <Button variant="default" loading={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>
              Show more
            </Button>
          </Group>
        )}
      </Section>
      {inviting && <InviteDialog scopes={scopes} onClose={() => setInviting(false)} />}
    </Page>
  );
}
