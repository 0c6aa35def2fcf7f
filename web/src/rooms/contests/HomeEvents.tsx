import { Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCalendarEvent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../ui/ErrorView';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { Section } from '../../ui/Page';
import { EmptyState, RowsLoading } from '../../ui/states';
import { LockBadge, StatusBadge } from './badges';
import { dates } from './event-dates';
import { contestsQuery, eventsQuery, type EventView } from './queries';

const SHOWN = 6;

function EventCard({ event }: { event: EventView }) {
  const contests = useQuery(contestsQuery(event.id));
  return (
    <Card component="article">
      <Stack gap="sm">
        <div>
          <Group gap="xs">
            <TextLink to="/events/$eventId" params={{ eventId: event.id }} fw={650}>
              {event.name}
            </TextLink>
            <StatusBadge status={event.status} />
            <LockBadge lockedAt={event.lockedAt} />
          </Group>
          <Text size="sm" c="dimmed">
            {[dates(event), event.venue].filter((part) => part !== '').join(' · ')}
          </Text>
        </div>
        <Stack gap={4} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
          {contests.data?.slice(0, SHOWN).map((contest) => (
            <Group key={contest.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
              <TextLink to="/contests/$contestId" params={{ contestId: contest.id }} size="sm" truncate>
                {contest.name}
              </TextLink>
              <StatusBadge status={contest.status} />
            </Group>
          ))}
        </Stack>
        {contests.data?.length === 0 && (
          <Text size="sm" c="dimmed">
            No contests yet.
          </Text>
        )}
      </Stack>
    </Card>
  );
}

/** The events that are not archived, with their contests. */
export function HomeEvents({ mayEdit }: { mayEdit: boolean }) {
  const events = useQuery(eventsQuery(false));
  if (events.isPending) return <RowsLoading rows={2} />;
  return (
    <Section title="Events" actions={<TextLink to="/events" size="sm">All events</TextLink>}>
      <ErrorNote error={events.error} />
      {events.data?.length === 0 && (
        <Card>
          <EmptyState icon={<IconCalendarEvent size={24} />} title="No events yet" action={mayEdit ? <LinkButton to="/events">Set up the first event</LinkButton> : undefined}>
            An event holds contests; a contest holds categories with criteria, entries and judges.
          </EmptyState>
        </Card>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {events.data?.slice(0, SHOWN).map((event) => (
          <EventCard key={event.id} event={event} />
        ))}
      </SimpleGrid>
    </Section>
  );
}
