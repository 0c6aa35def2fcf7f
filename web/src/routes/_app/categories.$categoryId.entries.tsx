import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { RosterPage } from '../../rooms/contests/RosterPage';
import { categoryQuery } from '../../rooms/contests/queries';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/categories/$categoryId/entries')({ component: Roster });

function Roster() {
  const { categoryId } = Route.useParams();
  const { data: category } = useSuspenseQuery(categoryQuery(categoryId));
  const { data: me } = useSuspenseQuery(meQuery);
  return <RosterPage contestId={category.contestId} categoryId={categoryId} mayEdit={may(me, 'entries:edit')} />;
}
