import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, createFileRoute } from '@tanstack/react-router';
import { may, meQuery } from '../../rooms/identity/queries';
import { NoWebhooks } from '../../rooms/webhooks/WebhooksFrame';

export const Route = createFileRoute('/_app/webhooks')({ component: Webhooks });

/** Every page of webhooks: for those who may manage them. */
function Webhooks() {
  return may(useSuspenseQuery(meQuery).data, 'webhooks:manage') ? <Outlet /> : <NoWebhooks />;
}
