import { Button, Menu, Text } from '@mantine/core';
import { IconBuilding, IconCheck, IconSelector } from '@tabler/icons-react';
import type { TenantChoice } from './queries';

type Props = { here: TenantChoice | null; tenants: readonly TenantChoice[]; onSwitch: (id: string) => void };

/** The organisation at work; a choice only for members of several. */
export function TenantSwitcher({ here, tenants, onSwitch }: Props) {
  if (tenants.length < 2) return null;
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button variant="default" size="xs" h={36} px="xs" leftSection={<IconBuilding size={16} aria-hidden />} rightSection={<IconSelector size={14} aria-hidden />} aria-label={`Organisation: ${here?.name ?? 'none'}. Change it`}>
          <Text size="sm" truncate maw={160} visibleFrom="xs">
            {here?.name ?? 'Choose'}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Work in another organisation</Menu.Label>
        {tenants.map((tenant) => (
          <Menu.Item key={tenant.id} onClick={() => onSwitch(tenant.id)} rightSection={tenant.id === here?.id ? <IconCheck size={16} aria-hidden /> : null}>
            {tenant.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
