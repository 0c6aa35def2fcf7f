import { Button, Group, Select, SimpleGrid, Stack } from '@mantine/core';
import type { EventKind } from '../queries';
import { STATES } from '../words';
import { DeliveryList } from './DeliveryList';
import { isState, type DeliverySearch } from './search';

const states = Object.entries(STATES).map(([value, { label }]) => ({ value, label }));

type Props = { webhookId: string; kinds: readonly EventKind[]; search: DeliverySearch; onSearch: (search: DeliverySearch) => void };

/** All deliveries to one webhook, filtered by what became of them and by type. */
export function DeliveriesPage({ webhookId, kinds, search, onSearch }: Props) {
  const any = search.state !== undefined || search.type !== undefined || search.event !== undefined;
  return (
    <Stack gap="md">
      <Stack gap="sm" role="search" aria-label="Filter the deliveries">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label="State" placeholder="Any" data={states} value={search.state ?? null} clearable clearButtonProps={{ 'aria-label': 'Any state' }}
            onChange={(state) => onSearch({ ...search, state: isState(state) ? state : undefined })}
          />
          <Select
            label="Type of event" placeholder="Any" data={kinds.map(({ name }) => name)} value={search.type ?? null} searchable clearable clearButtonProps={{ 'aria-label': 'Any type of event' }}
            nothingFoundMessage="No type is called so." onChange={(type) => onSearch({ ...search, type: type ?? undefined })}
          />
        </SimpleGrid>
        {any && (
          <Group>
            <Button size="xs" variant="default" onClick={() => onSearch({})}>
              Clear all filters
            </Button>
          </Group>
        )}
      </Stack>
      <DeliveryList search={{ ...search, webhook: webhookId }} {...(any ? { empty: 'None fits these filters.' } : {})} />
    </Stack>
  );
}
