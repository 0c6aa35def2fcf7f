import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { EventPage } from '../../rooms/contests/EventPage';
import { contestsQuery, eventQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/events/$eventId')({
  loader: ({ context: { queryClient }, params: { eventId } }) =>
    Promise.all([queryClient.ensureQueryData(eventQuery(eventId)), queryClient.ensureQueryData(contestsQuery(eventId))]),
  component: EventRoute,
});

function EventRoute() {
  const { eventId } = Route.useParams();
  const { data: event } = useSuspenseQuery(eventQuery(eventId));
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = Route.useNavigate();
  return (
    <EventPage
      event={event} mayEdit={may(me, 'contests:edit')}
      onGo={(to) =>
        void ('event' in to
          ? navigate({ to: '/events/$eventId', params: { eventId: to.event } })
          : navigate({ to: '/contests/$contestId', params: { contestId: to.contest } }))
      }
    />
  );
}
