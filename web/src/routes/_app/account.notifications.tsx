import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { AccountFrame } from '../../rooms/identity/AccountFrame';
import { PreferencesForm } from '../../rooms/notifications/PreferencesForm';
import { preferencesQuery } from '../../rooms/notifications/queries';

export const Route = createFileRoute('/_app/account/notifications')({ component: Notifications });

function Notifications() {
  const { data: preferences } = useSuspenseQuery(preferencesQuery);
  return (
    <AccountFrame title="Notifications">
      <PreferencesForm preferences={preferences} />
    </AccountFrame>
  );
}
