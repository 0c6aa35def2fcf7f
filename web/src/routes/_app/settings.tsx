import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { may, meQuery } from '../../rooms/identity/queries';
import { SettingsPage } from '../../rooms/tenancy/SettingsPage';
import { tenantQuery } from '../../rooms/tenancy/queries';

export const Route = createFileRoute('/_app/settings')({
  loader: ({ context }) => context.queryClient.ensureQueryData(tenantQuery),
  component: Settings,
});

function Settings() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <SettingsPage tenant={useSuspenseQuery(tenantQuery).data} mayEdit={may(me, 'tenant:edit')} />;
}
