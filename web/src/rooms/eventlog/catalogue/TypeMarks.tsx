import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconEyeOff, IconUser } from '@tabler/icons-react';
import type { LogType } from '../queries';

const icon = { size: 12, 'aria-hidden': true } as const;

/** What a reader should know before relying on a type. */
export function TypeMarks({ type }: { type: LogType }) {
  return (
    <>
      {type.deprecated !== null && <Badge color="orange" leftSection={<IconAlertTriangle {...icon} />}>Deprecated</Badge>}
      {type.sensitivity === 'embargoed' && <Badge color="gray" leftSection={<IconEyeOff {...icon} />}>Content withheld</Badge>}
      {type.sensitivity === 'personal' && <Badge color="gray" leftSection={<IconUser {...icon} />}>Personal data</Badge>}
      <Badge color="gray">Version {type.version}</Badge>
    </>
  );
}
