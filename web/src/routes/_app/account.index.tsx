import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { ProfilePage } from '../../rooms/identity/ProfilePage';
import { meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/account/')({ component: Account });

function Account() {
  return <ProfilePage me={useSuspenseQuery(meQuery).data} />;
}
