import { Card, Group, SimpleGrid, Text } from '@mantine/core';
import { IconCalendarEvent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../ui/ErrorView';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { Section } from '../../ui/Page';
import { EmptyState, RowsLoading } from '../../ui/states';
import { dates } from './event-dates';
import { LockBadge, StatusBadge } from './badges';
import { eventsQuery } from './queries';

/** The events that are not archived, at a glance. */
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
        {events.data?.slice(0, 6).map((event) => (
          <Card key={event.id}>
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
          </Card>
        ))}
      </SimpleGrid>
    </Section>
  );
}
