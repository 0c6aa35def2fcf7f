import { Button, Card, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { components } from '../../api/schema';
import { faultsByField } from '../../api/problem';
import { ErrorNote } from '../../ui/ErrorView';
import { OrderedList } from '../../ui/OrderedList';
import { EmptyState } from '../../ui/states';
import { draftOf, faultsOf, newDraft, wireOf, type Draft } from './criteria';

type CriterionView = components['schemas']['CriterionView'];
type Props = {
  criteria: readonly CriterionView[];
  disabled: boolean;
  busy: boolean;
  error: unknown;
  onSave: (criteria: ReturnType<typeof wireOf>[]) => void;
};

const numbers = [
  ['min', 'Least mark'], ['max', 'Greatest mark'], ['step', 'Step'], ['weight', 'Weight'],
] as const;

/** The whole list of a category's criteria, edited together and saved at once. */
export function CriteriaEditor({ criteria, disabled, busy, error, onSave }: Props) {
  const [drafts, setDrafts] = useState<readonly Draft[]>(criteria.map(draftOf));
  const [tried, setTried] = useState(false);
  const refused = faultsByField(error);
  const change = (row: string, part: Partial<Draft>) => setDrafts(drafts.map((draft) => (draft.row === row ? { ...draft, ...part } : draft)));
  const save = () => {
    setTried(true);
    if (drafts.every((draft) => Object.keys(faultsOf(draft)).length === 0)) onSave(drafts.map(wireOf));
  };
  const fault = (draft: Draft, field: keyof Draft) =>
    (tried ? faultsOf(draft)[field] : undefined) ?? refused[`criteria.${drafts.indexOf(draft)}.${field}`];
  return (
    <Stack>
      {drafts.length === 0 && (
        <Card>
          <EmptyState icon={<IconPlus size={24} />} title="No criteria yet">
            A criterion is what judges give a mark for, such as Poise from 0 to 10 in steps of 0.5.
          </EmptyState>
        </Card>
      )}
      <OrderedList
        label="Criteria" items={drafts} itemId={(draft) => draft.row} itemName={(draft) => draft.name || 'new criterion'} disabled={disabled}
        onReorder={(ids) => {
          const at = new Map(ids.map((id, place) => [id, place]));
          setDrafts(drafts.toSorted((one, other) => (at.get(one.row) ?? 0) - (at.get(other.row) ?? 0)));
        }}
      >
        {(draft) => (
          <Group align="flex-start" gap="sm">
            <TextInput flex="2 1 200px" label="Criterion" size="sm" value={draft.name} readOnly={disabled} error={fault(draft, 'name')} onChange={(event) => change(draft.row, { name: event.currentTarget.value })} />
            <SimpleGrid cols={{ base: 2, xs: 4 }} flex="3 1 280px" spacing="xs">
              {numbers.map(([field, label]) => (
                <TextInput key={field} label={label} size="sm" inputMode="decimal" value={draft[field]} readOnly={disabled} error={fault(draft, field)} onChange={(event) => change(draft.row, { [field]: event.currentTarget.value })} />
              ))}
            </SimpleGrid>
            {!disabled && (
              <Button variant="subtle" color="red" size="xs" mt={26} leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setDrafts(drafts.filter((other) => other !== draft))} aria-label={`Remove ${draft.name || 'the new criterion'}`}>
                Remove
              </Button>
            )}
          </Group>
        )}
      </OrderedList>
      <ErrorNote error={error} />
      {!disabled && (
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDrafts([...drafts, newDraft()])}>
            Add a criterion
          </Button>
          <Button onClick={save} loading={busy}>
            Save the criteria
          </Button>
          <Text size="sm" c="dimmed">
            The order counts where ties are opened by criterion.
          </Text>
        </Group>
      )}
    </Stack>
  );
}
