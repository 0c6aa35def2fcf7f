import { Alert, Button, Card, SimpleGrid, Stack } from '@mantine/core';
import { IconPlus, IconSnowflake, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { showDateTime } from '../../lib/dates';
import { Confirm } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorView';
import { Section } from '../../ui/Page';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { EmptyState, RowsLoading } from '../../ui/states';
import { RecusalSection } from './RecusalSection';
import { SeatCard } from './SeatCard';
import { AddSeat, type Judge } from './SeatDialogs';
import { rosterQuery } from './entry-queries';
import { panelQuery, useFreeze, useUnfreeze } from './panel-queries';

function Freezing({ categoryId, frozen, onClose }: { categoryId: string; frozen: boolean; onClose: () => void }) {
  const [freeze, unfreeze] = [useFreeze(categoryId), useUnfreeze(categoryId)];
  if (frozen) {
    return (
      <ReasonDialog title="Let the panel change again?" submit="Unfreeze" busy={unfreeze.isPending} error={unfreeze.error} onClose={onClose} onSubmit={(reason) => unfreeze.mutate(reason, { onSuccess: onClose })}>
        Seats can be added and removed again. The reason is recorded.
      </ReasonDialog>
    );
  }
  return (
    <Confirm opened onClose={onClose} title="Freeze the panel?" confirm="Freeze" busy={freeze.isPending} error={freeze.error} onConfirm={() => freeze.mutate(undefined, { onSuccess: onClose })}>
      Nobody is added or removed from now on; a judge can still be replaced or marked absent with a reason. Opening judging freezes it too.
    </Confirm>
  );
}

/** Who judges a category. */
export function PanelPage({ categoryId, judges, mayEdit }: { categoryId: string; judges: readonly Judge[]; mayEdit: boolean }) {
  const panel = useQuery(panelQuery(categoryId));
  const roster = useQuery(rosterQuery(categoryId));
  const [open, setOpen] = useState<'add' | 'freeze' | null>(null);
  const close = () => setOpen(null);
  if (panel.isPending) return <RowsLoading />;
  if (panel.isError) return <ErrorNote error={panel.error} />;
  const { items: seats, frozenAt } = panel.data;
  const seated = new Set(seats.filter((seat) => seat.state !== 'replaced').map((seat) => seat.userId));
  const free = judges.filter(({ id }) => !seated.has(id));
  const add = mayEdit && frozenAt === null ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('add')}>
      Seat a judge
    </Button>
  ) : undefined;
  return (
    <Stack gap="xl">
      <Section
        title="Seats" note="Each seat gives its own marks."
        actions={mayEdit ? <>{seats.length > 0 && <Button variant="default" leftSection={<IconSnowflake size={16} aria-hidden />} onClick={() => setOpen('freeze')}>{frozenAt === null ? 'Freeze' : 'Unfreeze'}</Button>}{add}</> : undefined}
      >
        {frozenAt !== null && (
          <Alert color="blue" icon={<IconSnowflake aria-hidden />} title="Frozen">
            Since {showDateTime(frozenAt)}. Judges can be replaced or marked absent, with a reason.
          </Alert>
        )}
        {seats.length === 0 && (
          <Card>
            <EmptyState icon={<IconUsers size={24} />} title="Nobody judges this yet" action={add}>
              Seat members of the organisation. Everybody on the panel sees the category under My judging.
            </EmptyState>
          </Card>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {seats.map((seat) => (
            <SeatCard key={seat.id} seat={seat} judges={free} mayEdit={mayEdit} />
          ))}
        </SimpleGrid>
      </Section>
      {roster.data !== undefined && seats.length > 0 && <RecusalSection categoryId={categoryId} seats={seats} entries={roster.data.items} mayEdit={mayEdit} />}
      {open === 'add' && <AddSeat categoryId={categoryId} judges={free} onClose={close} />}
      {open === 'freeze' && <Freezing categoryId={categoryId} frozen={frozenAt !== null} onClose={close} />}
    </Stack>
  );
}
