import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { ScopeName } from '../../rooms/contests/ScopeName';
import { ScopePicker } from '../../rooms/contests/ScopePicker';
import { MembersPage } from '../../rooms/identity/MembersPage';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/members')({ component: Members });

const scopes = { Name: ScopeName, Picker: ScopePicker };

function Members() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <MembersPage mayInvite={may(me, 'members:invite')} mayManage={may(me, 'members:manage')} scopes={scopes} />;
}
