import { ActionIcon, Button, Group, Menu, Switch } from '@mantine/core';
import { IconArrowsShuffle, IconDots, IconEdit, IconFileImport, IconFlag, IconListNumbers, IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useMemo, useState } from 'react';
import { count } from '../../lib/count';
import { DataTable, type Column } from '../../ui/DataTable';
import { ErrorNote } from '../../ui/ErrorView';
import { Section } from '../../ui/Page';
import { notifyFailed } from '../../ui/notify';
import { EmptyState, RowsLoading } from '../../ui/states';
import { EditEntry, NewEntry, StateDialog } from './EntryDialogs';
import { RenumberDialog } from './RenumberDialog';
import { EntryBadge } from './badges';
import { entriesQuery, useCheckIn, useOrderContest, useSetEntryState, type Entry } from './entry-queries';

const ImportDialog = lazy(() => import('./ImportDialog').then((part) => ({ default: part.ImportDialog })));

const OrderDialog = lazy(() => import('./OrderDialog').then((part) => ({ default: part.OrderDialog })));

const states = ['entered', 'scratched', 'withdrawn', 'dns', 'dnf', 'dq'] as const;
const icon = { size: 16, 'aria-hidden': true } as const;

function EntryMenu({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState<'edit' | 'state' | null>(null);
  const set = useSetEntryState(entry.id);
  const close = () => setOpen(null);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${entry.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEdit {...icon} />} onClick={() => setOpen('edit')}>
            Edit
          </Menu.Item>
          <Menu.Item leftSection={<IconFlag {...icon} />} onClick={() => setOpen('state')}>
            Scratch, disqualify …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'edit' && <EditEntry entry={entry} onClose={close} />}
      {open === 'state' && (
        <StateDialog name={entry.name} present={entry.state} states={states} busy={set.isPending} error={set.error} onClose={close} onSave={(state, reason) => set.mutate({ state, reason }, { onSuccess: close })} />
      )}
    </>
  );
}

function CheckIn({ entry }: { entry: Entry }) {
  const check = useCheckIn();
  return (
    <Switch
      size="md" aria-label={`${entry.name} has checked in`} checked={entry.checkedInAt !== null} disabled={check.isPending}
      onChange={(event) => check.mutate({ id: entry.id, checkedIn: event.currentTarget.checked }, { onError: notifyFailed })}
    />
  );
}

const columnsFor = (mayEdit: boolean, mayCheckIn: boolean): readonly Column<Entry>[] => [
  { id: 'order', header: 'Order', value: (entry) => entry.runningOrder, numeric: true, wideOnly: true },
  { id: 'number', header: 'Number', value: (entry) => entry.number },
  { id: 'name', header: 'Name', value: (entry) => entry.name },
  { id: 'club', header: 'Club', value: (entry) => entry.club, wideOnly: true },
  { id: 'state', header: 'State', value: (entry) => entry.state, cell: (entry) => <EntryBadge state={entry.state} />, wideOnly: true },
  ...(mayCheckIn ? [{ id: 'in', header: 'Checked in', value: (entry: Entry) => (entry.checkedInAt === null ? 0 : 1), cell: (entry: Entry) => <CheckIn entry={entry} /> }] : []),
  ...(mayEdit ? [{ id: 'actions', header: 'Actions', value: () => null, cell: (entry: Entry) => <EntryMenu entry={entry} />, hiddenHeader: true }] : []),
];

type Props = { contestId: string; mayEdit: boolean; mayCheckIn: boolean };

/** The entries of a contest: who competes, with which number, in which order, and who is there. */
export function EntriesPage({ contestId, mayEdit, mayCheckIn }: Props) {
  const [open, setOpen] = useState<'new' | 'import' | 'order' | 'renumber' | null>(null);
  const entries = useQuery(entriesQuery(contestId));
  const order = useOrderContest(contestId);
  const columns = useMemo(() => columnsFor(mayEdit, mayCheckIn), [mayEdit, mayCheckIn]);
  const close = () => setOpen(null);
  if (entries.isPending) return <RowsLoading rows={6} />;
  if (entries.isError) return <ErrorNote error={entries.error} />;
  const rows = entries.data;
  const adding = (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconFileImport {...icon} />} onClick={() => setOpen('import')}>
        Import
      </Button>
      <Button leftSection={<IconPlus {...icon} />} onClick={() => setOpen('new')}>
        New entry
      </Button>
    </Group>
  );
  const arranging = (
    <Group gap="xs">
      <Button size="xs" variant="default" leftSection={<IconArrowsShuffle {...icon} />} onClick={() => setOpen('order')}>
        Running order
      </Button>
      <Button size="xs" variant="default" leftSection={<IconListNumbers {...icon} />} onClick={() => setOpen('renumber')}>
        Renumber
      </Button>
    </Group>
  );
  const present = rows.filter((entry) => entry.checkedInAt !== null).length;
  return (
    <Section title="Entries" note={rows.length === 0 ? undefined : `${count(rows.length, 'entry', 'entries')} in running order, ${present} checked in`} actions={mayEdit ? adding : undefined}>
      <DataTable
        label="entries" rows={rows} rowId={(entry) => entry.id} columns={columns} searchable={rows.length > 0} toolbar={mayEdit && rows.length > 1 ? arranging : undefined}
        empty={
          <EmptyState icon={<IconUsersGroup size={24} />} title="No entries yet">
            Enter people or groups one by one, or take them over from a CSV or Excel file.
          </EmptyState>
        }
      />
      {open === 'new' && <NewEntry contestId={contestId} onClose={close} />}
      {open === 'import' && <Suspense><ImportDialog contestId={contestId} onClose={close} /></Suspense>}
      {open === 'order' && <Suspense><OrderDialog items={rows.map(({ id, name, number }) => ({ id, name: `${number ?? ''} ${name}`.trim() }))} busy={order.isPending} error={order.error} onClose={close} onSave={(wanted) => order.mutate(wanted, { onSuccess: close })} /></Suspense>}
      {open === 'renumber' && <RenumberDialog contestId={contestId} onClose={close} />}
    </Section>
  );
}
