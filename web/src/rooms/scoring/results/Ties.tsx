import { Button, Card, Group, List, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { showDateTime } from '../../../lib/dates';
import { FormDialog } from '../../../ui/Dialog';
import { OrderedList } from '../../../ui/OrderedList';
import { Section } from '../../../ui/Page';
import { binder } from '../../../ui/fields';
import type { Result } from '../queries';
import { decisionsQuery, useDecideTie } from './corrections';

type Tie = Result['ties'][number];
type Tied = Readonly<{ id: string; name: string }>;

function DecideDialog({ categoryId, tied, onClose }: { categoryId: string; tied: readonly Tied[]; onClose: () => void }) {
  const decide = useDecideTie(categoryId);
  const [order, setOrder] = useState(tied);
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: (value) => (value.trim().length < 3 ? 'Say why in a few words; it is kept.' : null) } });
  const bind = binder(form, decide.error);
  const arrange = (ids: readonly string[]) => setOrder(ids.map((id) => order.find((each) => each.id === id)).filter((each) => each !== undefined));
  return (
    <FormDialog
      opened onClose={onClose} title="The chair decides" submit="Record the decision" busy={decide.isPending} error={decide.error}
      onSubmit={form.onSubmit(({ reason }) => decide.mutate({ entryIds: order.map(({ id }) => id), reason }, { onSuccess: onClose }))}
    >
      <Text size="sm">Put the best first. The decision is a record under your name; no mark is altered.</Text>
      <OrderedList label="Order of the tied entries" items={order} itemId={({ id }) => id} itemName={({ name }) => name} onReorder={arrange}>
        {({ name }) => (
          <Text size="sm" fw={500}>
            {name}
          </Text>
        )}
      </OrderedList>
      <Textarea label="Reason" {...bind('reason')} />
    </FormDialog>
  );
}

function TieLine({ tie, tied, categoryId }: { tie: Tie; tied: readonly Tied[]; categoryId: string | null }) {
  const [deciding, setDeciding] = useState(false);
  const open = !tie.broken && categoryId !== null && tied.length === tie.entries.length;
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" gap="sm">
        <Text size="sm" flex={1}>
          <strong>{tie.entries.join(', ')}</strong>: {tie.how} {tie.broken ? '' : '(they stay equal)'}
        </Text>
        {open && (
          <Button size="xs" variant="default" aria-label={`Decide between ${tie.entries.join(' and ')}`} onClick={() => setDeciding(true)}>
            Decide
          </Button>
        )}
      </Group>
      {deciding && categoryId !== null && <DecideDialog categoryId={categoryId} tied={tied} onClose={() => setDeciding(false)} />}
    </Card>
  );
}

function Decisions({ categoryId }: { categoryId: string }) {
  const decisions = useQuery(decisionsQuery(categoryId));
  if (decisions.data === undefined || decisions.data.length === 0) return null;
  return (
    <List size="sm" spacing={4}>
      {decisions.data.map((each) => (
        <List.Item key={each.id}>
          Decided by {each.decidedByName}, {showDateTime(each.createdAt)}: {each.reason}
        </List.Item>
      ))}
    </List>
  );
}

/** Entries that were equal, what opened each tie, and the chair's word where nothing did. */
export function Ties({ result, categoryId, mayDecide }: { result: Result; categoryId: string | null; mayDecide: boolean }) {
  if (result.ties.length === 0) return null;
  const tiedOf = (tie: Tie): readonly Tied[] =>
    result.results
      .filter((line) => tie.entries.includes(line.entry))
      .flatMap((line) => (line.entryId ? [{ id: line.entryId, name: `${line.entry} ${line.name}` }] : []));
  return (
    <Section title="Ties">
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {result.ties.map((tie) => (
          <TieLine key={`${tie.entries.join(' ')} ${tie.how}`} tie={tie} tied={tiedOf(tie)} categoryId={mayDecide ? categoryId : null} />
        ))}
      </Stack>
      {categoryId !== null && <Decisions categoryId={categoryId} />}
    </Section>
  );
}
