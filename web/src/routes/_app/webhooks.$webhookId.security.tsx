import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { webhookQuery } from '../../rooms/webhooks/queries';
import { SecurityPage } from '../../rooms/webhooks/security/SecurityPage';

export const Route = createFileRoute('/_app/webhooks/$webhookId/security')({ component: Security });

function Security() {
  return <SecurityPage webhook={useSuspenseQuery(webhookQuery(Route.useParams().webhookId)).data} />;
}
