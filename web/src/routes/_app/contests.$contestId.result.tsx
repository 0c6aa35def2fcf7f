import { createFileRoute } from '@tanstack/react-router';
import { ContestResult } from '../../rooms/scoring/results/ContestResult';
import { may, meQuery } from '../../rooms/identity/queries';
import { useSuspenseQuery } from '@tanstack/react-query';

export const Route = createFileRoute('/_app/contests/$contestId/result')({ component: Result });

function Result() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <ContestResult contestId={Route.useParams().contestId} mayEdit={may(me, 'contests:edit')} />;
}
