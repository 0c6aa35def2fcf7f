import { ActionIcon, List, Menu, Text } from '@mantine/core';
import { IconCopy, IconDots, IconEdit, IconLock, IconLockOpen, IconProgressCheck, IconTemplate, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Confirm } from '../../ui/Dialog';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { notifyDone } from '../../ui/notify';
import { useLock, useSetStatus, type Level } from './changes';
import { statusSteps, type Status } from './words';

type Item = Readonly<{ id: string; name: string; lockedAt: string | null }>;
type Props = {
  level: Level;
  item: Item;
  /** Events and contests have a status of their own; a category's states are steps of its judging. */
  status: Status | null;
  onEdit: () => void;
  onClone: () => void;
  onTemplate: () => void;
  onDelete?: () => void;
};

const icon = { size: 16, 'aria-hidden': true } as const;

function LockDialog({ level, item, onClose }: { level: Level; item: Item; onClose: () => void }) {
  const wanted = item.lockedAt === null;
  const lock = useLock(level, item.id, wanted);
  const finish = () => {
    notifyDone(`${item.name} is ${wanted ? 'locked' : 'unlocked'}.`);
    onClose();
  };
  return (
    <ReasonDialog
      title={`${wanted ? 'Lock' : 'Unlock'} ${item.name}?`} submit={wanted ? 'Lock it' : 'Unlock it'} busy={lock.isPending} error={lock.error}
      onClose={onClose} onSubmit={(reason) => lock.mutate(reason, { onSuccess: finish })}
    >
      {wanted ? (
        <List size="sm" spacing={4}>
          <List.Item>Every change to it and to all below it is refused, marks included.</List.Item>
          <List.Item>Reading goes on as before.</List.Item>
          <List.Item>Only another person than you can unlock it.</List.Item>
        </List>
      ) : (
        'Changes are possible again. It must be another person who unlocks than the one who locked.'
      )}
    </ReasonDialog>
  );
}

function StatusDialog({ level, item, step, onClose }: { level: 'event' | 'contest'; item: Item; step: { to: Status; label: string; meaning: string }; onClose: () => void }) {
  const set = useSetStatus(level, item.id);
  const finish = () => {
    notifyDone(`${item.name}: done.`);
    onClose();
  };
  return (
    <Confirm opened onClose={onClose} title={`${step.label}: ${item.name}?`} confirm={step.label} busy={set.isPending} error={set.error} onConfirm={() => set.mutate(step.to, { onSuccess: finish })}>
      {step.meaning}
    </Confirm>
  );
}

/** What can be done with an event, a contest or a category as a whole. */
export function LevelMenu({ level, item, status, onEdit, onClone, onTemplate, onDelete }: Props) {
  const [locking, setLocking] = useState(false);
  const [step, setStep] = useState<{ to: Status; label: string; meaning: string } | null>(null);
  const entry = (label: string, shown: ReactNode, onClick: () => void) => (
    <Menu.Item key={label} leftSection={shown} onClick={onClick}>
      {label}
    </Menu.Item>
  );
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={`More actions for ${item.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {entry('Edit', <IconEdit {...icon} />, onEdit)}
          {entry('Clone', <IconCopy {...icon} />, onClone)}
          {entry('Save as template', <IconTemplate {...icon} />, onTemplate)}
          {status !== null && statusSteps[status].map((each) => entry(each.label, <IconProgressCheck {...icon} />, () => setStep(each)))}
          <Menu.Divider />
          {item.lockedAt === null ? entry('Lock', <IconLock {...icon} />, () => setLocking(true)) : entry('Unlock', <IconLockOpen {...icon} />, () => setLocking(true))}
          {onDelete !== undefined && (
            <Menu.Item leftSection={<IconTrash {...icon} />} onClick={onDelete}>
              <Text size="sm" c="var(--mantine-color-error)">
                Delete
              </Text>
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {locking && <LockDialog level={level} item={item} onClose={() => setLocking(false)} />}
      {step !== null && level !== 'category' && <StatusDialog level={level} item={item} step={step} onClose={() => setStep(null)} />}
    </>
  );
}
