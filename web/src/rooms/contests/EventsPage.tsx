import { Button, Card, Group, Stack, Switch, Text } from '@mantine/core';
import { IconCalendarEvent, IconMapPin, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import { TextLink } from '../../ui/LinkButton';
import { OrderedList } from '../../ui/OrderedList';
import { Page } from '../../ui/Page';
import { notifyDone, notifyFailed } from '../../ui/notify';
import { EmptyState, RowsLoading } from '../../ui/states';
import { EventDialog } from './EventDialog';
import { FromTemplate } from './FromTemplate';
import { TemplateList } from './TemplateList';
import { LockBadge, StatusBadge } from './badges';
import { useCreateEvent, useReorderEvents } from './changes';
import { dates } from './event-dates';
import { eventsQuery, type EventView } from './queries';

function EventLine({ event }: { event: EventView }) {
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <TextLink to="/events/$eventId" params={{ eventId: event.id }} fw={600}>
          {event.name}
        </TextLink>
        <StatusBadge status={event.status} />
        <LockBadge lockedAt={event.lockedAt} />
      </Group>
      <Group gap="md">
        <Text size="sm" c="dimmed">
          {dates(event)}
        </Text>
        {event.venue !== '' && (
          <Group gap={4} wrap="nowrap">
            <IconMapPin size={14} aria-hidden opacity={0.6} />
            <Text size="sm" c="dimmed">
              {event.venue}
            </Text>
          </Group>
        )}
      </Group>
    </Stack>
  );
}

export function EventsPage({ mayEdit, onCreated }: { mayEdit: boolean; onCreated: (id: string) => void }) {
  const [archived, setArchived] = useState(false);
  const [creating, setCreating] = useState(false);
  const events = useQuery(eventsQuery(archived));
  const create = useCreateEvent();
  const reorder = useReorderEvents();
  const add = mayEdit ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      New event
    </Button>
  ) : undefined;
  return (
    <Page title="Events" subtitle="Pageant days, championships, festivals: each holds contests." actions={mayEdit ? <><FromTemplate level="event" into={null} onMade={onCreated} />{add}</> : undefined}>
      <Switch label="Show archived events" checked={archived} onChange={(event) => setArchived(event.currentTarget.checked)} />
      <ErrorNote error={events.error} />
      {events.isPending && <RowsLoading />}
      {events.data?.length === 0 && (
        <Card>
          <EmptyState icon={<IconCalendarEvent size={24} />} title={archived ? 'Nothing is archived' : 'No events yet'} action={archived ? undefined : add}>
            {archived ? 'Archived events stay readable here and can be brought back.' : 'An event holds contests; a contest holds categories with criteria, entries and judges.'}
          </EmptyState>
        </Card>
      )}
      {events.data !== undefined && events.data.length > 0 && (
        <OrderedList
          label="Events" items={events.data} itemId={(event) => event.id} itemName={(event) => event.name} disabled={!mayEdit || archived}
          onReorder={(ids) => reorder.mutate(ids, { onError: notifyFailed })}
        >
          {(event) => <EventLine event={event} />}
        </OrderedList>
      )}
      {mayEdit && <TemplateList />}
      {creating && (
        <EventDialog
          event={null} busy={create.isPending} error={create.error} onClose={() => setCreating(false)}
          onSave={(facts) => create.mutate({ ...facts, isTemplate: false }, { onSuccess: ({ id, name }) => { setCreating(false); notifyDone(`${name} is set up.`); onCreated(id); } })}
        />
      )}
    </Page>
  );
}
