import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { CategoryList } from '../../rooms/contests/CategoryList';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/contests/$contestId/')({ component: Categories });

function Categories() {
  const { contestId } = Route.useParams();
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = Route.useNavigate();
  return (
    <CategoryList contestId={contestId} mayEdit={may(me, 'contests:edit')} onCreated={(categoryId) => void navigate({ to: '/categories/$categoryId', params: { categoryId } })} />
  );
}
