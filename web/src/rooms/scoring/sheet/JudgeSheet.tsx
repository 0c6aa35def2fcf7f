import { Alert, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { IconChecklist, IconLock } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Page } from '../../../ui/Page';
import { SaveState } from '../../../ui/SaveState';
import { EmptyState } from '../../../ui/states';
import type { Sheet } from '../queries';
import { EntryList } from './EntryList';
import { EntryMarks } from './EntryMarks';
import { SheetBar } from './SheetBar';
import classes from './JudgeSheet.module.css';
import { entriesOf, nextEntry, progressOf, slotsOf } from './model';
import { useMarks } from './useMarks';

type Props = {
  sheet: Sheet;
  /** The entry in view; undefined for the first one that wants marks. */
  entryId: string | undefined;
  onEntry: (id: string) => void;
  crumbs: readonly ReactNode[];
  /** The way to step back from an entry; recusals belong to the contest. */
  recusal: (entry: { id: string; name: string }) => ReactNode;
  /** Opens what the judge's own marks of an entry were before. */
  history: (entry: { id: string; name: string }) => ReactNode;
};

const kinds: Readonly<Record<string, string>> = {
  rank: 'Give places: 1 for the best, and no place twice.',
  recall: 'Give 1 to the entries you recall and 0 to the others.',
  comparison: 'Give 1 to the winner, 0 to the loser, 0.5 to both for a draw.',
};

function Closed({ sheet }: { sheet: Sheet }) {
  if (sheet.state === 'judging' && !sheet.locked) return null;
  const words = sheet.locked ? 'The contest is locked.' : `The category is ${sheet.state}.`;
  return (
    <Alert icon={<IconLock aria-hidden />} color="gray" title="Marks are not taken now">
      {words} {sheet.state === 'draft' ? 'You can enter marks as soon as judging is opened.' : 'You can read your marks, but not change them.'}
    </Alert>
  );
}

/** A judge's marks of one category: one entry at a time, in running order. */
export function JudgeSheet({ sheet, entryId, onEntry, crumbs, recusal, history }: Props) {
  const marks = useMarks(sheet);
  const [slots, entries] = [slotsOf(sheet), entriesOf(sheet)];
  const open = sheet.state === 'judging' && !sheet.locked;
  // Chosen once: completing an entry must not take it out of the judge's hands.
  const [first] = useState(() => nextEntry(entries, slots, marks.mark)?.id);
  const entry = entries.find((each) => each.id === (entryId ?? first)) ?? entries[0];
  const wanted = entries.filter((each) => each.closed === null);
  const complete = wanted.filter((each) => progressOf(each, slots, marks.mark) === 'done').length;
  const at = entry === undefined ? -1 : entries.indexOf(entry);
  const [before, after] = [entries[at - 1], entries[at + 1]];
  const go = (id: string) => {
    onEntry(id);
    window.scrollTo({ top: 0 });
  };
  const allDone = wanted.length > 0 && complete === wanted.length;
  return (
    <Page title={sheet.categoryName} subtitle={`${sheet.contestName} · your seat ${sheet.seatLabel}`} crumbs={crumbs}>
      <Closed sheet={sheet} />
      {entry === undefined ? (
        <Card>
          <EmptyState icon={<IconChecklist size={24} />} title="No entries yet">
            Entries appear here in running order as soon as they are entered into this category.
          </EmptyState>
        </Card>
      ) : (
        <>
          <Stack gap={8}>
            <Group justify="space-between" gap="xs">
              <SaveState status={marks.status} />
              <Text size="sm" fw={500}>
                {allDone ? 'All complete. Thank you!' : `${complete} of ${wanted.length} complete`}
              </Text>
            </Group>
            <Progress value={wanted.length === 0 ? 0 : (100 * complete) / wanted.length} aria-label="Entries complete" />
            {kinds[sheet.markKind] !== undefined && (
              <Text size="sm" c="dimmed">
                {kinds[sheet.markKind]}
              </Text>
            )}
          </Stack>
          <div className={classes['columns']}>
            <Stack>
              <EntryMarks key={entry.id} entry={entry} entries={entries} slots={slots} ranking={sheet.markKind === 'rank'} mark={marks.mark} disabled={!open} onMark={marks.put} aside={<Group justify="space-between" gap="xs">{open ? recusal(entry) : null}{history(entry)}</Group>} />
              <SheetBar
                onPrevious={before === undefined ? null : () => go(before.id)} onUndo={open ? marks.undo : null}
                onNext={after === undefined ? null : () => go(after.id)}
              />
            </Stack>
            <Card padding="xs" style={{ alignSelf: 'start' }}>
              <EntryList entries={entries} current={entry.id} progress={(each) => progressOf(each, slots, marks.mark)} onPick={go} />
            </Card>
          </div>
        </>
      )}
    </Page>
  );
}
