import { Alert, Badge, Button, Card, Group, SegmentedControl, Select, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconEyeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../../api/schema';
import { FormDialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorView';
import { Section } from '../../ui/Page';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { binder } from '../../ui/fields';
import { hintsQuery, recusalsQuery, useLiftRecusal, useRecuse, type Recusal, type Seat } from './panel-queries';

type Roster = components['schemas']['RosterEntry'];
type Start = Readonly<{ seatId: string; entryId: string; reason: string }>;

const nameOf = (entry: Roster) => `${entry.number ?? ''} ${entry.name}`.trim();

function Declare({ categoryId, seats, entries, start, onClose }: { categoryId: string; seats: readonly Seat[]; entries: readonly Roster[]; start: Start; onClose: () => void }) {
  const recuse = useRecuse(categoryId);
  const form = useForm<Start & { kind: 'recusal' | 'conflict' }>({
    initialValues: { ...start, kind: start.reason === '' ? 'recusal' : 'conflict' },
    validate: {
      seatId: (value) => (value === '' ? 'Choose the judge.' : null),
      entryId: (value) => (value === '' ? 'Choose the entry.' : null),
      reason: (value) => (value.trim().length < 3 ? 'Say why in a few words.' : null),
    },
  });
  const bind = binder(form, recuse.error);
  return (
    <FormDialog opened onClose={onClose} title="A judge does not mark an entry" submit="Record it" busy={recuse.isPending} error={recuse.error} onSubmit={form.onSubmit((values) => recuse.mutate(values, { onSuccess: onClose }))}>
      <Select label="Judge" data={seats.map((seat) => ({ value: seat.id, label: `${seat.label} ${seat.name}` }))} data-autofocus {...bind('seatId')} />
      <Select label="Entry" searchable data={entries.map((entry) => ({ value: entry.entryId, label: nameOf(entry) }))} {...bind('entryId')} />
      <SegmentedControl aria-label="Kind" data={[{ value: 'recusal', label: 'Recusal' }, { value: 'conflict', label: 'Conflict of interest' }]} {...bind('kind')} />
      <Textarea label="Reason" {...bind('reason')} />
    </FormDialog>
  );
}

function RecusalLine({ recusal, words, mayEdit }: { recusal: Recusal; words: string; mayEdit: boolean }) {
  const [lifting, setLifting] = useState(false);
  const lift = useLiftRecusal(recusal.id);
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" gap="sm">
        <div>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {words}
            </Text>
            <Badge color={recusal.kind === 'conflict' ? 'orange' : 'gray'}>{recusal.kind === 'conflict' ? 'Conflict of interest' : 'Recusal'}</Badge>
          </Group>
          <Text size="sm" c="dimmed">
            {recusal.reason}
          </Text>
        </div>
        {mayEdit && (
          <Button variant="default" size="xs" onClick={() => setLifting(true)} aria-label={`Lift: ${words}`}>
            Lift
          </Button>
        )}
      </Group>
      {lifting && (
        <ReasonDialog title="Let the judge mark this entry after all?" submit="Lift it" busy={lift.isPending} error={lift.error} onClose={() => setLifting(false)} onSubmit={(reason) => lift.mutate(reason, { onSuccess: () => setLifting(false) })}>
          {words}. A mark is waited for again.
        </ReasonDialog>
      )}
    </Card>
  );
}

/** Who does not mark whom, and hints where that might be wise. */
export function RecusalSection({ categoryId, seats, entries, mayEdit }: { categoryId: string; seats: readonly Seat[]; entries: readonly Roster[]; mayEdit: boolean }) {
  const recusals = useQuery(recusalsQuery(categoryId));
  const hints = useQuery({ ...hintsQuery(categoryId), enabled: mayEdit });
  const [start, setStart] = useState<Start | null>(null);
  const words = (seatId: string, entryId: string) => {
    const [seat, entry] = [seats.find(({ id }) => id === seatId), entries.find((each) => each.entryId === entryId)];
    return `${seat?.label ?? '?'} ${seat?.name ?? ''} does not mark ${entry === undefined ? 'an entry that is out' : nameOf(entry)}`;
  };
  const declared = new Set(recusals.data?.items.map((each) => `${each.seatId} ${each.entryId}`));
  const open = hints.data?.items.filter((hint) => !declared.has(`${hint.seatId} ${hint.entryId}`)) ?? [];
  return (
    <Section
      title="Recusals and conflicts of interest" note="Such a mark is never counted as zero; the rule set says how a panel without it is averaged."
      actions={mayEdit ? <Button variant="default" leftSection={<IconEyeOff size={16} aria-hidden />} onClick={() => setStart({ seatId: '', entryId: '', reason: '' })}>Record one</Button> : undefined}
    >
      <ErrorNote error={recusals.error} />
      {open.length > 0 && (
        <Alert color="orange" title="Worth a look">
          <Stack gap="xs">
            {open.slice(0, 10).map((hint) => (
              <Group key={`${hint.seatId} ${hint.entryId} ${hint.why}`} gap="sm">
                <Text size="sm">
                  {hint.label} and {hint.number ?? 'an entry'}: {hint.why}
                </Text>
                <Button size="compact-xs" variant="default" onClick={() => setStart({ seatId: hint.seatId, entryId: hint.entryId, reason: hint.why })}>
                  Record
                </Button>
              </Group>
            ))}
          </Stack>
        </Alert>
      )}
      {recusals.data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {recusals.data?.items.map((each) => (
          <RecusalLine key={each.id} recusal={each} words={words(each.seatId, each.entryId)} mayEdit={mayEdit} />
        ))}
      </Stack>
      {start !== null && <Declare categoryId={categoryId} seats={seats} entries={entries} start={start} onClose={() => setStart(null)} />}
    </Section>
  );
}
