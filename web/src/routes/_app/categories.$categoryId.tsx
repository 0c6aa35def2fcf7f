import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, createFileRoute } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { CategoryFrame } from '../../rooms/contests/CategoryFrame';
import { categoryQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';
import { CloseJudging } from '../../rooms/scoring/CloseJudging';

const Readiness = lazy(() => import('../../rooms/scoring/Readiness'));

export const Route = createFileRoute('/_app/categories/$categoryId')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(categoryQuery(params.categoryId)),
  component: CategoryRoute,
});

/** Frame of the pages of one category. */
function CategoryRoute() {
  const { categoryId } = Route.useParams();
  const { data: category } = useSuspenseQuery(categoryQuery(categoryId));
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = Route.useNavigate();
  return (
    <CategoryFrame
      category={category} mayEdit={may(me, 'contests:edit')} mayReadResults={may(me, 'results:read')}
      closing={may(me, 'judging:close') ? <CloseJudging categoryId={categoryId} /> : null}
      onGo={(to) =>
        void ('category' in to
          ? navigate({ to: '/categories/$categoryId', params: { categoryId: to.category } })
          : navigate({ to: '/contests/$contestId', params: { contestId: to.contest } }))
      }
    >
      {category.state === 'draft' && may(me, 'contests:edit') && (
        <Suspense>
          <Readiness categoryId={categoryId} />
        </Suspense>
      )}
      <Outlet />
    </CategoryFrame>
  );
}
