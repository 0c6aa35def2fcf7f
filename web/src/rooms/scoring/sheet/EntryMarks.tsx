import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Suspense, lazy, type KeyboardEvent, type ReactNode } from 'react';
import { MarkField } from '../../../ui/MarkField';
import type { MarkValue } from './saving';
import { samePlace, type MarkOf, type SheetEntry, type Slot } from './model';

// Growing text fields bring machinery of their own; no mark has to wait for that.
const CommentField = lazy(() => import('./CommentField').then((part) => ({ default: part.CommentField })));

type Props = {
  entry: SheetEntry;
  entries: readonly SheetEntry[];
  slots: readonly Slot[];
  /** Marks are places, of which each can be given once. */
  ranking: boolean;
  mark: MarkOf;
  disabled: boolean;
  onMark: (entry: string, slot: Slot, change: Partial<MarkValue>) => void;
  /** What else a judge can do about this entry, such as stepping back from it. */
  aside: ReactNode;
};

/** Enter goes on to the next mark, and from the last one to the button after it. */
function walk(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  const stops = [...document.querySelectorAll<HTMLElement>('[data-sheet] input, [data-sheet-next]')];
  stops[stops.indexOf(event.target) + 1]?.focus();
}

function Heading({ entry, position }: { entry: SheetEntry; position: string }) {
  return (
    <Group gap="md" wrap="nowrap" align="center">
      {entry.number !== null && (
        <Text fz={34} fw={700} lh={1} className="number" c="light-dark(var(--mantine-color-brand-7), var(--mantine-color-brand-2))">
          {entry.number}
        </Text>
      )}
      <div style={{ minWidth: 0 }}>
        <Title order={2} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {entry.name}
        </Title>
        <Text size="sm" c="dimmed">
          {position}
        </Text>
      </div>
    </Group>
  );
}

/** One entry with a field for each mark that is wanted. */
export function EntryMarks({ entry, entries, slots, ranking, mark, disabled, onMark, aside }: Props) {
  const field = (slot: Slot) => {
    const { value, comment, refusal } = mark(entry.id, slot);
    const twins = ranking ? samePlace(entry, slot, entries, mark) : [];
    const place = `${entry.id} ${slot.criterionId} ${slot.part}`;
    return (
      <div key={place}>
        <MarkField label={slot.name} value={value} refusal={refusal} range={slot.range} disabled={disabled} onCommit={(next) => onMark(entry.id, slot, { value: next })} />
        <Suspense fallback={<div style={{ height: 30 }} />}>
          <CommentField about={slot.name} value={comment} disabled={disabled} onCommit={(next) => onMark(entry.id, slot, { comment: next })} />
        </Suspense>
        {twins.length > 0 && (
          <Text size="sm" ta="center" fw={500} c="light-dark(#8a3a00, var(--mantine-color-orange-3))" mt={4}>
            You gave place {value} to {twins.join(', ')} too.
          </Text>
        )}
      </div>
    );
  };
  return (
    <Card padding="lg" component="section" aria-label={`Marks of ${entry.number ?? ''} ${entry.name}`}>
      <Stack gap="lg" data-sheet onKeyDown={walk}>
        <Heading entry={entry} position={`Entry ${entries.indexOf(entry) + 1} of ${entries.length} in running order`} />
        {entry.closed === null ? (
          <>
            {slots.map(field)}
            {aside}
          </>
        ) : (
          <Alert icon={<IconInfoCircle aria-hidden />} color="gray" title="No marks here">
            {entry.closed}
          </Alert>
        )}
      </Stack>
    </Card>
  );
}
