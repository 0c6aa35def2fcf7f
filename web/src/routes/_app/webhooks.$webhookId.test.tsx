import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { logTypesQuery } from '../../rooms/eventlog/queries';
import { webhookQuery } from '../../rooms/webhooks/queries';
import { TestPage } from '../../rooms/webhooks/test/TestPage';

export const Route = createFileRoute('/_app/webhooks/$webhookId/test')({ component: Test });

function Test() {
  const { data: webhook } = useSuspenseQuery(webhookQuery(Route.useParams().webhookId));
  return <TestPage webhook={webhook} kinds={useSuspenseQuery(logTypesQuery).data} />;
}
