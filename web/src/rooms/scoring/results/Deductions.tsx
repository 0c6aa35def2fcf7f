import { Badge, Button, Card, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readDecimal } from '../../../lib/decimal';
import { FormDialog } from '../../../ui/Dialog';
import { ErrorNote } from '../../../ui/ErrorView';
import { Section } from '../../../ui/Page';
import { binder } from '../../../ui/fields';
import { notifyFailed } from '../../../ui/notify';
import { deductionsQuery, useRequestDeduction, useSettleDeduction, type Deduction } from './corrections';

export type Named = Readonly<{ id: string; name: string }>;

const states = {
  requested: { label: 'Waits for a second person', colour: 'orange' },
  applied: { label: 'Counts', colour: 'teal' },
  withdrawn: { label: 'Withdrawn', colour: 'gray' },
} as const;

function RequestDialog({ categoryId, entries, parts, onClose }: { categoryId: string; entries: readonly Named[]; parts: readonly string[]; onClose: () => void }) {
  const request = useRequestDeduction(categoryId);
  const form = useForm({
    initialValues: { entryId: '', part: parts[0] ?? '', points: '', reason: '' },
    validate: {
      entryId: (value) => (value === '' ? 'Choose the entry.' : null),
      points: (value) => (readDecimal(value).kind === 'number' ? null : 'Give a number of points, such as 0.5.'),
      reason: (value) => (value.trim().length < 3 ? 'Say why in a few words.' : null),
    },
  });
  const bind = binder(form, request.error);
  const save = ({ points, ...rest }: typeof form.values) => {
    const reading = readDecimal(points);
    if (reading.kind === 'number') request.mutate({ ...rest, points: reading.value }, { onSuccess: onClose });
  };
  return (
    <FormDialog opened onClose={onClose} title="Ask for a deduction" submit="Ask for it" busy={request.isPending} error={request.error} onSubmit={form.onSubmit(save)}>
      <Text size="sm">It counts once another person than you has approved it. No mark is changed.</Text>
      <Select label="Entry" searchable data={entries.map(({ id, name }) => ({ value: id, label: name }))} data-autofocus {...bind('entryId')} />
      {parts.length > 0 && <Select label="Part" data={[...parts]} {...bind('part')} />}
      <TextInput label="Points to take off" inputMode="decimal" {...bind('points')} />
      <Textarea label="Reason" {...bind('reason')} />
    </FormDialog>
  );
}

function Line({ deduction, name, mayEdit }: { deduction: Deduction; name: string; mayEdit: boolean }) {
  const settle = useSettleDeduction(deduction);
  const look = states[deduction.state];
  const step = (wanted: 'approve' | 'withdraw') => settle.mutate(wanted, { onError: notifyFailed });
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" gap="sm">
        <div>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {name}
              {deduction.part === '' ? '' : `, ${deduction.part}`}: <span className="number">−{deduction.points}</span>
            </Text>
            <Badge color={look.colour}>{look.label}</Badge>
          </Group>
          <Text size="sm" c="dimmed">
            {deduction.reason}
          </Text>
        </div>
        {mayEdit && deduction.state !== 'withdrawn' && (
          <Group gap="xs">
            {deduction.state === 'requested' && (
              <Button size="xs" loading={settle.isPending} aria-label={`Approve the deduction of ${name}`} onClick={() => step('approve')}>
                Approve
              </Button>
            )}
            <Button size="xs" variant="default" loading={settle.isPending} aria-label={`Withdraw the deduction of ${name}`} onClick={() => step('withdraw')}>
              Withdraw
            </Button>
          </Group>
        )}
      </Group>
    </Card>
  );
}

type Props = { categoryId: string; entries: readonly Named[]; parts: readonly string[]; mayEdit: boolean };

/** Points taken off totals, each approved by a second person. */
export function Deductions({ categoryId, entries, parts, mayEdit }: Props) {
  const deductions = useQuery(deductionsQuery(categoryId));
  const [asking, setAsking] = useState(false);
  const names = new Map(entries.map(({ id, name }) => [id, name]));
  const none = deductions.data?.length === 0;
  if (none && !mayEdit) return null;
  return (
    <Section
      title="Deductions" note="Taken off the total after judging; the marks stay as they were."
      actions={mayEdit ? <Button variant="default" leftSection={<IconMinus size={16} aria-hidden />} onClick={() => setAsking(true)}>Ask for one</Button> : undefined}
    >
      <ErrorNote error={deductions.error} />
      {none && (
        <Text size="sm" c="dimmed">
          None.
        </Text>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {deductions.data?.map((each) => (
          <Line key={each.id} deduction={each} name={names.get(each.entryId) ?? 'An entry'} mayEdit={mayEdit} />
        ))}
      </Stack>
      {asking && <RequestDialog categoryId={categoryId} entries={entries} parts={parts} onClose={() => setAsking(false)} />}
    </Section>
  );
}
