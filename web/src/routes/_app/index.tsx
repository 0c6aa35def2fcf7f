import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { HomeEvents } from '../../rooms/contests/HomeEvents';
import { HomeSeats } from '../../rooms/contests/HomeSeats';
import { may, meQuery } from '../../rooms/identity/queries';
import { Page } from '../../ui/Page';
import { NoRoles } from '../../rooms/identity/NoRoles';

export const Route = createFileRoute('/_app/')({ component: Home });

function Home() {
  const { data: me } = useSuspenseQuery(meQuery);
  const first = me.name.split(' ')[0];
  return (
    <Page title="Home" heading={`Hello, ${first}`} subtitle={me.tenant?.name}>
      {me.permissions.length === 0 && <NoRoles me={me} />}
      {may(me, 'marks:submit') && <HomeSeats />}
      {may(me, 'contests:read') && <HomeEvents mayEdit={may(me, 'contests:edit')} />}
    </Page>
  );
}
