import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { categoriesQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';
import { ContestResult } from '../../rooms/scoring/results/ContestResult';

export const Route = createFileRoute('/_app/contests/$contestId/result')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(categoriesQuery(params.contestId)),
  component: Result,
});

function Result() {
  const { contestId } = Route.useParams();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: categories } = useSuspenseQuery(categoriesQuery(contestId));
  const waiting = categories.filter(({ state }) => state === 'draft' || state === 'judging').map(({ name }) => name);
  return <ContestResult contestId={contestId} mayEdit={may(me, 'contests:edit')} waitsFor={categories.length === 0 ? null : waiting} />;
}
