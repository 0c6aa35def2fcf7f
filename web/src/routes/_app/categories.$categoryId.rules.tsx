import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { may, meQuery } from '../../rooms/identity/queries';
import { CategoryRulesPanel } from '../../rooms/scoring/CategoryRulesPanel';

export const Route = createFileRoute('/_app/categories/$categoryId/rules')({ component: Rules });

function Rules() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <CategoryRulesPanel categoryId={Route.useParams().categoryId} mayEdit={may(me, 'contests:edit')} />;
}
