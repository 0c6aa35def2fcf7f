import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { EntriesPage } from '../../rooms/contests/EntriesPage';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/contests/$contestId/entries')({ component: Entries });

function Entries() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <EntriesPage contestId={Route.useParams().contestId} mayEdit={may(me, 'entries:edit')} mayCheckIn={may(me, 'entries:checkin')} />;
}
