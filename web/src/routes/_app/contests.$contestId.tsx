import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, createFileRoute } from '@tanstack/react-router';
import { ContestFrame } from '../../rooms/contests/ContestFrame';
import { contestQuery, eventQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/contests/$contestId')({
  loader: async ({ context: { queryClient }, params: { contestId } }) => {
    const contest = await queryClient.ensureQueryData(contestQuery(contestId));
    await queryClient.ensureQueryData(eventQuery(contest.eventId));
  },
  component: ContestRoute,
});

/** Frame of the pages of one contest. */
function ContestRoute() {
  const { contestId } = Route.useParams();
  const { data: contest } = useSuspenseQuery(contestQuery(contestId));
  const { data: event } = useSuspenseQuery(eventQuery(contest.eventId));
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = Route.useNavigate();
  return (
    <ContestFrame
      contest={contest} event={event} mayEdit={may(me, 'contests:edit')} mayReadResults={may(me, 'results:read')}
      onCloned={(id) => void navigate({ to: '/contests/$contestId', params: { contestId: id } })}
    >
      <Outlet />
    </ContestFrame>
  );
}
