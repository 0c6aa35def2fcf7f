import { ActionIcon, Button, Checkbox, Group, Menu, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { IconArrowsShuffle, IconChecklist, IconDots, IconFlag, IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { DataTable, type Column } from '../../ui/DataTable';
import { ErrorNote } from '../../ui/ErrorView';
import { Section } from '../../ui/Page';
import { EmptyState, RowsLoading } from '../../ui/states';
import { StateDialog } from './EntryDialogs';
import { OrderDialog } from './OrderDialog';
import { EntryBadge } from './badges';
import { entriesQuery, rosterQuery, useOrderCategory, useSetRoster, useSetRosterState, type RosterEntry } from './entry-queries';

const states = ['entered', 'scratched', 'dns', 'dnf', 'dq'] as const;
const icon = { size: 16, 'aria-hidden': true } as const;

function RosterMenu({ categoryId, entry }: { categoryId: string; entry: RosterEntry }) {
  const [open, setOpen] = useState(false);
  const set = useSetRosterState(categoryId, entry.entryId);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${entry.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFlag {...icon} />} onClick={() => setOpen(true)}>
            Scratch, disqualify …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open && (
        <StateDialog name={`${entry.name} in this category`} present={entry.state} states={states} busy={set.isPending} error={set.error} onClose={() => setOpen(false)} onSave={(state, reason) => set.mutate({ state, reason }, { onSuccess: () => setOpen(false) })} />
      )}
    </>
  );
}

function Choose({ contestId, categoryId, roster, onClose }: { contestId: string; categoryId: string; roster: readonly RosterEntry[]; onClose: () => void }) {
  const entries = useQuery(entriesQuery(contestId));
  const [chosen, setChosen] = useState(roster.map((entry) => entry.entryId));
  const save = useSetRoster(categoryId);
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Who competes in this category</Text>}>
      <Stack>
        {entries.isPending && <RowsLoading />}
        <ScrollArea.Autosize mah={360}>
          <Checkbox.Group value={chosen} onChange={setChosen} label="Entries of the contest">
            <Stack gap="sm" mt="xs">
              {entries.data?.map((entry) => (
                <Checkbox key={entry.id} value={entry.id} label={`${entry.number ?? ''} ${entry.name}`.trim()} />
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
        <ErrorNote error={save.error ?? entries.error} />
        <Group justify="space-between">
          <Button variant="subtle" onClick={() => setChosen(entries.data?.map((entry) => entry.id) ?? chosen)}>
            Choose all
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate(chosen, { onSuccess: onClose })}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Who competes in one category, in its running order. */
export function RosterPage({ contestId, categoryId, mayEdit }: { contestId: string; categoryId: string; mayEdit: boolean }) {
  const roster = useQuery(rosterQuery(categoryId));
  const order = useOrderCategory(categoryId);
  const [open, setOpen] = useState<'choose' | 'order' | null>(null);
  const close = () => setOpen(null);
  const columns = useMemo<readonly Column<RosterEntry>[]>(
    () => [
      { id: 'position', header: 'Order', value: (entry) => entry.position, numeric: true },
      { id: 'number', header: 'Number', value: (entry) => entry.number },
      { id: 'name', header: 'Name', value: (entry) => entry.name },
      { id: 'club', header: 'Club', value: (entry) => entry.club, wideOnly: true },
      { id: 'state', header: 'State', value: (entry) => entry.state, cell: (entry) => <EntryBadge state={entry.state} />, wideOnly: true },
      ...(mayEdit ? [{ id: 'actions', header: 'Actions', value: () => null, cell: (entry: RosterEntry) => <RosterMenu categoryId={categoryId} entry={entry} />, hiddenHeader: true }] : []),
    ],
    [categoryId, mayEdit],
  );
  if (roster.isPending) return <RowsLoading rows={6} />;
  if (roster.isError) return <ErrorNote error={roster.error} />;
  const { items } = roster.data;
  return (
    <Section
      title="Entries in this category" note="In running order: judges meet them one after the other."
      actions={
        mayEdit ? (
          <>
            {items.length > 1 && (
              <Button variant="default" leftSection={<IconArrowsShuffle {...icon} />} onClick={() => setOpen('order')}>
                Running order
              </Button>
            )}
            <Button variant="default" leftSection={<IconChecklist {...icon} />} onClick={() => setOpen('choose')}>
              Choose entries
            </Button>
          </>
        ) : undefined
      }
    >
      <DataTable
        label="entries in this category" rows={items} rowId={(entry) => entry.id} columns={columns} searchable={items.length > 8}
        empty={
          <EmptyState icon={<IconUsersGroup size={24} />} title="Nobody competes here yet">
            Entries of the contest compete in all its categories unless you choose otherwise.
          </EmptyState>
        }
      />
      {open === 'choose' && <Choose contestId={contestId} categoryId={categoryId} roster={items} onClose={close} />}
      {open === 'order' && (
        <OrderDialog items={items.map(({ entryId, name, number }) => ({ id: entryId, name: `${number ?? ''} ${name}`.trim() }))} busy={order.isPending} error={order.error} onClose={close} onSave={(wanted) => order.mutate(wanted, { onSuccess: close })} />
      )}
    </Section>
  );
}
