import { Avatar, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconBell, IconKey, IconLogout, IconShieldLock, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { initials } from './names';
import type { Me } from './queries';

export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton>
          <Avatar color="brand" size={36} aria-hidden>
            {initials(me.name)}
          </Avatar>
          <VisuallyHidden>Account of {me.name}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text px="sm" pt={6} size="sm" fw={600} truncate>
          {me.name}
        </Text>
        <Text px="sm" pb={6} size="xs" c="dimmed" truncate>
          {me.user?.email}
        </Text>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} aria-hidden />}>
          Profile
        </Menu.Item>
        <Menu.Item component={Link} to="/account/security" leftSection={<IconShieldLock size={16} aria-hidden />}>
          Security
        </Menu.Item>
        <Menu.Item component={Link} to="/account/notifications" leftSection={<IconBell size={16} aria-hidden />}>
          Notifications
        </Menu.Item>
        <Menu.Item component={Link} to="/account/keys" leftSection={<IconKey size={16} aria-hidden />}>
          API keys
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={onSignOut} leftSection={<IconLogout size={16} aria-hidden />}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
