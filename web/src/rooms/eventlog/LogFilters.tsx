import { Button, Group, Pill, SimpleGrid, Stack } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { DraftInput } from './DraftInput';
import { TypeSelect } from './TypeSelect';
import type { LogType } from './queries';
import { isoOf, localOf } from './asking';
import type { LogSearch } from './search';

type Props = {
  types: readonly LogType[];
  search: LogSearch;
  /** Name of the person whose entries are shown. */
  actorName: string | undefined;
  onChange: (change: LogSearch) => void;
};

/** Filters that are set by clicking what an entry shows; here they can only be taken away. */
function Picked({ search, actorName, onChange }: Omit<Props, 'types'>) {
  const picked = [
    { name: 'person', value: search.actor, says: actorName ?? search.actor, clear: { actor: undefined } },
    { name: 'subject', value: search.entity, says: search.entity, clear: { entity: undefined } },
    { name: 'correlation', value: search.correlation, says: search.correlation, clear: { correlation: undefined } },
  ].filter(({ value }) => value !== undefined);
  return picked.map(({ name, says, clear }) => (
    <Pill key={name} size="md" withRemoveButton removeButtonProps={{ 'aria-label': `Any ${name}`, 'aria-hidden': false, tabIndex: 0 }} onRemove={() => onChange(clear)} style={{ maxWidth: '100%' }}>
      Only {name}: {says}
    </Pill>
  ));
}

export function LogFilters({ types, search, actorName, onChange }: Props) {
  const none = { type: [], q: '', actor: '', entity: '', correlation: '', from: '', to: '' };
  const any = Object.keys(search).some((name) => name in none);
  return (
    <Stack gap="sm" role="search" aria-label="Filter the log">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <TypeSelect types={types} label="What happened" placeholder="Anything" value={search.type ?? []} onChange={(type) => onChange({ type })} />
        <DraftInput label="Words" placeholder="Enter to search" maxLength={200} leftSection={<IconSearch size={16} aria-hidden />} value={search.q ?? ''} onCommit={(q) => onChange({ q: q.trim() })} />
        <DraftInput type="datetime-local" label="Not before" value={localOf(search.from)} onCommit={(typed) => onChange({ from: isoOf(typed) })} />
        <DraftInput type="datetime-local" label="Before" value={localOf(search.to)} onCommit={(typed) => onChange({ to: isoOf(typed) })} />
      </SimpleGrid>
      {any && (
        <Group gap="xs">
          <Picked search={search} actorName={actorName} onChange={onChange} />
          <Button size="xs" variant="default" onClick={() => onChange(none)}>
            Clear all filters
          </Button>
        </Group>
      )}
    </Stack>
  );
}
