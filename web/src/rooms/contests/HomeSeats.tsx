import { Card, Group, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { count } from '../../lib/count';
import { ErrorNote } from '../../ui/ErrorView';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { Section } from '../../ui/Page';
import { RowsLoading } from '../../ui/states';
import { StateBadge } from './badges';
import { mySeatsQuery } from './panel-queries';

/** What the reader can judge now. */
export function HomeSeats() {
  const seats = useQuery(mySeatsQuery);
  if (seats.isPending) return <RowsLoading rows={2} />;
  const open = seats.data?.items.filter((seat) => seat.state === 'judging' && !seat.locked) ?? [];
  return (
    <Section title="To judge now" actions={<TextLink to="/judging" size="sm">All your seats</TextLink>}>
      <ErrorNote error={seats.error} />
      {seats.isSuccess && open.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing is open for your marks at the moment.
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {open.map((seat) => (
          <Card key={seat.seatId}>
            <Group justify="space-between" wrap="nowrap" gap="sm">
              <div style={{ minWidth: 0 }}>
                <Group gap="xs">
                  <Text fw={650}>{seat.categoryName}</Text>
                  <StateBadge state={seat.state} />
                </Group>
                <Text size="sm" c="dimmed">
                  {seat.contestName} · {count(seat.entries, 'entry', 'entries')}
                </Text>
              </div>
              <LinkButton to="/judging/$categoryId" params={{ categoryId: seat.categoryId }} size="md" aria-label={`Judge ${seat.categoryName}, ${seat.contestName}`}>
                Judge
              </LinkButton>
            </Group>
          </Card>
        ))}
      </SimpleGrid>
    </Section>
  );
}
