import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { CriteriaPanel } from '../../rooms/contests/CriteriaPanel';
import { categoryQuery, criteriaQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/categories/$categoryId/')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(criteriaQuery(params.categoryId)),
  component: Criteria,
});

function Criteria() {
  const { categoryId } = Route.useParams();
  const { data: category } = useSuspenseQuery(categoryQuery(categoryId));
  const { data: criteria } = useSuspenseQuery(criteriaQuery(categoryId));
  const { data: me } = useSuspenseQuery(meQuery);
  return <CriteriaPanel category={category} criteria={criteria.items} mayEdit={may(me, 'contests:edit')} />;
}
