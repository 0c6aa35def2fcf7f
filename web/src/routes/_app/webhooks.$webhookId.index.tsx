import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { OverviewPage } from '../../rooms/webhooks/OverviewPage';
import { webhookQuery } from '../../rooms/webhooks/queries';

export const Route = createFileRoute('/_app/webhooks/$webhookId/')({ component: Overview });

function Overview() {
  return <OverviewPage webhook={useSuspenseQuery(webhookQuery(Route.useParams().webhookId)).data} />;
}
