import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { PanelPage } from '../../rooms/contests/PanelPage';
import { peopleQuery } from '../../rooms/identity/members';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/categories/$categoryId/panel')({ component: Panel });

function Panel() {
  const { data: me } = useSuspenseQuery(meQuery);
  const mayEdit = may(me, 'panels:edit');
  const people = useQuery({ ...peopleQuery, enabled: mayEdit && may(me, 'members:read') });
  return <PanelPage categoryId={Route.useParams().categoryId} judges={people.data ?? []} mayEdit={mayEdit} />;
}
