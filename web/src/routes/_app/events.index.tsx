import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { EventsPage } from '../../rooms/contests/EventsPage';
import { eventsQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/events/')({
  loader: ({ context }) => context.queryClient.ensureQueryData(eventsQuery(false)),
  component: Events,
});

function Events() {
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = Route.useNavigate();
  return <EventsPage mayEdit={may(me, 'contests:edit')} onCreated={(eventId) => void navigate({ to: '/events/$eventId', params: { eventId } })} />;
}
