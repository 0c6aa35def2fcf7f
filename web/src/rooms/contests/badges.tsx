import { Badge } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { entryLook, stateLook, statusLook, type CategoryState, type EntryState, type Status } from './words';

export const StatusBadge = ({ status }: { status: Status }) => <Badge color={statusLook[status].colour}>{statusLook[status].label}</Badge>;

export const StateBadge = ({ state }: { state: CategoryState }) => <Badge color={stateLook[state].colour}>{stateLook[state].label}</Badge>;

export const EntryBadge = ({ state }: { state: EntryState }) => <Badge color={entryLook[state].colour}>{entryLook[state].label}</Badge>;

export function LockBadge({ lockedAt }: { lockedAt: string | null }) {
  if (lockedAt === null) return null;
  return (
    <Badge color="orange" leftSection={<IconLock size={12} aria-hidden />}>
      Locked
    </Badge>
  );
}

/** Stands beside the name of what is only there to be copied. */
export const TemplateBadge = ({ isTemplate }: { isTemplate: boolean }) => (isTemplate ? <Badge color="grape">Template</Badge> : null);
