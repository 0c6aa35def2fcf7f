import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { ScopeName } from '../../rooms/contests/ScopeName';
import { ProfilePage } from '../../rooms/identity/ProfilePage';
import { meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/account/')({ component: Account });

const scopes = { Name: ScopeName };

function Account() {
  return <ProfilePage me={useSuspenseQuery(meQuery).data} scopes={scopes} />;
}
