import { Alert, Card, Stack, Table, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { count } from '../../../lib/count';
import { showDateTime } from '../../../lib/dates';
import type { ReplayPlan } from './queries';
import { minutesOf } from './words';

/** How many events would go to each webhook, and which are the first and the last. */
export function Plan({ plan, ratePerMinute }: { plan: ReplayPlan; ratePerMinute: number }) {
  const { counts, total, first, last } = plan;
  if (total === 0) {
    return (
      <Alert icon={<IconInfoCircle aria-hidden />} title="Nothing would be sent" role="status">
        No event fits what you chose. Choose other events, another time, or all that arrived too.
      </Alert>
    );
  }
  return (
    <Card>
      <Stack gap="sm">
        <Text size="sm" role="status" fw={600}>
          {count(total, 'delivery', 'deliveries')}, in about {count(minutesOf(total, ratePerMinute), 'minute')}.
        </Text>
        {first !== null && last !== null && (
          <Text size="sm" c="dimmed">
            From {first.type} of {showDateTime(first.at)} to {last.type} of {showDateTime(last.at)}.
          </Text>
        )}
        <Table verticalSpacing={6} aria-label="Deliveries by webhook">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Webhook</Table.Th>
              <Table.Th ta="right">Deliveries</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {counts.map((each) => (
              <Table.Tr key={each.webhookId}>
                <Table.Th scope="row" fw={500}>{each.name}</Table.Th>
                <Table.Td ta="right" className="number">{each.count}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
    </Card>
  );
}
