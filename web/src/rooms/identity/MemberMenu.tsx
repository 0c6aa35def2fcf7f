import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconDots, IconPlayerPause, IconPlayerPlay, IconTrash, IconUserCog } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '../../ui/Dialog';
import { useRemoveMember, useUpdateMember, type Member } from './members';
import { RolesDialog } from './RolesDialog';
import type { ScopeParts } from './scopes';

const icon = { size: 16, 'aria-hidden': true } as const;

export function MemberMenu({ member, scopes }: { member: Member; scopes: ScopeParts }) {
  const [open, setOpen] = useState<'roles' | 'status' | 'remove' | null>(null);
  const [update, remove] = [useUpdateMember(), useRemoveMember()];
  const close = () => setOpen(null);
  const active = member.status === 'active';
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${member.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconUserCog {...icon} />} onClick={() => setOpen('roles')}>
            Roles
          </Menu.Item>
          <Menu.Item leftSection={active ? <IconPlayerPause {...icon} /> : <IconPlayerPlay {...icon} />} onClick={() => setOpen('status')}>
            {active ? 'Suspend' : 'Let back in'}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash {...icon} />} onClick={() => setOpen('remove')}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'roles' && <RolesDialog member={member} scopes={scopes} onClose={close} />}
      <Confirm opened={open === 'status'} onClose={close} title={active ? `Suspend ${member.name}?` : `Let ${member.name} back in?`} confirm={active ? 'Suspend' : 'Let back in'} busy={update.isPending} error={update.error} onConfirm={() => update.mutate({ id: member.userId, version: member.version, status: active ? 'suspended' : 'active' }, { onSuccess: close })}>
        <Text size="sm">{active ? 'From the next request on this person can do nothing here. Roles and seats are kept.' : 'This person has the earlier roles again at once.'}</Text>
      </Confirm>
      <Confirm opened={open === 'remove'} onClose={close} title={`Remove ${member.name}?`} confirm="Remove" danger busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(member.userId, { onSuccess: close })}>
        The membership ends. Results and marks keep the name. To come back, this person must be invited anew.
      </Confirm>
    </>
  );
}
