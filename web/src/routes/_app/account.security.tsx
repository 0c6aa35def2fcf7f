import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { SecurityPage } from '../../rooms/identity/SecurityPage';
import { meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/account/security')({ component: Security });

function Security() {
  return <SecurityPage me={useSuspenseQuery(meQuery).data} />;
}
