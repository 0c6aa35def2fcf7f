import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { rosterQuery } from '../../rooms/contests/entry-queries';
import { categoryQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';
import { CategoryResults } from '../../rooms/scoring/results/CategoryResults';

export const Route = createFileRoute('/_app/categories/$categoryId/results')({ component: Results });

function Results() {
  const { categoryId } = Route.useParams();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: category } = useSuspenseQuery(categoryQuery(categoryId));
  const roster = useQuery(rosterQuery(categoryId));
  const open = category.state === 'judging' || category.state === 'judged';
  return (
    <CategoryResults
      categoryId={categoryId} parts={category.partNames}
      entries={roster.data?.items.map(({ entryId, name, number }) => ({ id: entryId, name: `${number ?? ''} ${name}`.trim() })) ?? []}
      mayDeduct={open && may(me, 'deductions:edit')} mayDecide={open && may(me, 'ties:decide')}
      mayReadMarks={may(me, 'marks:read')}
    />
  );
}
