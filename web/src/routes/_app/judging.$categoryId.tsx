import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { sheetQuery } from '../../rooms/scoring/queries';
import { JudgeSheet } from '../../rooms/scoring/sheet/JudgeSheet';
import { TextLink } from '../../ui/LinkButton';

const RecuseMyself = lazy(() => import('../../rooms/contests/RecuseMyself').then((part) => ({ default: part.RecuseMyself })));

const MarkHistory = lazy(() => import('../../rooms/scoring/history/MarkHistory').then((part) => ({ default: part.MarkHistory })));

export const Route = createFileRoute('/_app/judging/$categoryId')({
  validateSearch: (search): { entry?: string } => (typeof search['entry'] === 'string' ? { entry: search['entry'] } : {}),
  loader: ({ context, params }) => context.queryClient.ensureQueryData(sheetQuery(params.categoryId)),
  component: Judge,
});

function Judge() {
  const { categoryId } = Route.useParams();
  const { entry } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data: sheet } = useSuspenseQuery(sheetQuery(categoryId));
  return (
    <JudgeSheet
      key={sheet.seatId} sheet={sheet} entryId={entry} onEntry={(id) => void navigate({ search: { entry: id }, replace: true })}
      recusal={(each) => <Suspense><RecuseMyself categoryId={categoryId} seatId={sheet.seatId} entry={each} /></Suspense>}
      history={(each) => <Suspense><MarkHistory own categoryId={categoryId} entry={each} /></Suspense>}
      crumbs={[
        <TextLink key="judging" to="/judging" size="sm">
          My judging
        </TextLink>,
      ]}
    />
  );
}
