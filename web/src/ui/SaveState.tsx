import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCloudOff, IconRefresh } from '@tabler/icons-react';
import type { Status } from '../lib/autosave';

const looks = {
  saved: { text: 'All saved', colour: 'light-dark(#04634a, var(--mantine-color-teal-4))', Icon: IconCheck },
  saving: { text: 'Saving…', colour: 'var(--mantine-color-dimmed)', Icon: IconRefresh },
  waiting: { text: 'Waiting for the network; kept on this device', colour: 'light-dark(#a33a00, var(--mantine-color-orange-3))', Icon: IconCloudOff },
  refused: { text: 'Not taken: see the marked fields', colour: 'var(--mantine-color-error)', Icon: IconAlertTriangle },
} as const;

/** Where what was typed is by now: in words, a colour and a sign, and announced to screen readers. */
export function SaveState({ status, short }: { status: Status; short?: string }) {
  const { text, colour, Icon } = looks[status];
  return (
    <Group gap={6} wrap="nowrap" role="status" c={colour}>
      <Icon size={16} aria-hidden />
      <Text size="sm" fw={500}>
        {short ?? text}
      </Text>
    </Group>
  );
}
