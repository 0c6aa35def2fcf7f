import { ActionIcon, Badge, Card, Group, Menu, Text } from '@mantine/core';
import { IconDots, IconEdit, IconReplace, IconTrash, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Confirm } from '../../ui/Dialog';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { EditSeat, ReplaceSeat, type Judge } from './SeatDialogs';
import { useRemoveSeat, useUpdateSeat, type Seat } from './panel-queries';
import { seatRoles } from './words';

const icon = { size: 16, 'aria-hidden': true } as const;
type Step = 'edit' | 'presence' | 'replace' | 'remove';

function Presence({ seat, onClose }: { seat: Seat; onClose: () => void }) {
  const update = useUpdateSeat(seat.id);
  const leaving = seat.state === 'active';
  return (
    <ReasonDialog
      title={leaving ? `${seat.name} is absent?` : `${seat.name} is back?`} submit={leaving ? 'Mark absent' : 'Mark present'} busy={update.isPending} error={update.error}
      onClose={onClose} onSubmit={(reason) => update.mutate({ state: leaving ? 'absent' : 'active', reason }, { onSuccess: onClose })}
    >
      {leaving ? 'No marks are waited for from this seat; the rule set says what its absence does to totals.' : 'Marks are waited for from this seat again.'}
    </ReasonDialog>
  );
}

/** One seat of a panel with what can be done about it. */
export function SeatCard({ seat, judges, mayEdit }: { seat: Seat; judges: readonly Judge[]; mayEdit: boolean }) {
  const [step, setStep] = useState<Step | null>(null);
  const remove = useRemoveSeat(seat.id);
  const close = () => setStep(null);
  const active = seat.state === 'active';
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <Text fw={700} miw={36} c="light-dark(var(--mantine-color-brand-7), var(--mantine-color-brand-2))">
            {seat.label}
          </Text>
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {seat.name}
            </Text>
            <Group gap={6}>
              <Text size="sm" c="dimmed">
                {seatRoles[seat.role]}
                {seat.groupLabel === '' ? '' : `, ${seat.groupLabel}`}
              </Text>
              {seat.state !== 'active' && <Badge color="gray">{seat.state === 'absent' ? 'Absent' : 'Replaced'}</Badge>}
            </Group>
          </div>
        </Group>
        {mayEdit && seat.state !== 'replaced' && (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for seat ${seat.label}`}>
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconEdit {...icon} />} onClick={() => setStep('edit')}>
                Edit
              </Menu.Item>
              <Menu.Item leftSection={active ? <IconUserOff {...icon} /> : <IconUserCheck {...icon} />} onClick={() => setStep('presence')}>
                {active ? 'Mark absent' : 'Mark present'}
              </Menu.Item>
              <Menu.Item leftSection={<IconReplace {...icon} />} onClick={() => setStep('replace')}>
                Replace
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash {...icon} />} onClick={() => setStep('remove')}>
                Remove
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {step === 'edit' && <EditSeat seat={seat} onClose={close} />}
      {step === 'presence' && <Presence seat={seat} onClose={close} />}
      {step === 'replace' && <ReplaceSeat seat={seat} judges={judges} onClose={close} />}
      <Confirm opened={step === 'remove'} onClose={close} title={`Remove seat ${seat.label}?`} confirm="Remove it" danger busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(undefined, { onSuccess: close })}>
        Only a seat without marks can be removed. With marks, replace the judge instead.
      </Confirm>
    </Card>
  );
}
