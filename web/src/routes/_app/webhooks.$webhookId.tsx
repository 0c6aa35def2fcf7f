import { useSuspenseQuery } from '@tanstack/react-query';
import { Outlet, createFileRoute } from '@tanstack/react-router';
import { EndpointFrame } from '../../rooms/webhooks/EndpointFrame';
import { webhookQuery } from '../../rooms/webhooks/queries';

export const Route = createFileRoute('/_app/webhooks/$webhookId')({ component: Endpoint });

function Endpoint() {
  const { webhookId } = Route.useParams();
  const navigate = Route.useNavigate();
  const { data: webhook } = useSuspenseQuery({ ...webhookQuery(webhookId), refetchInterval: 15_000 });
  return (
    <EndpointFrame
      webhook={webhook} onGone={() => void navigate({ to: '/webhooks' })}
      onReplay={() => void navigate({ to: '/webhooks/replays/new', search: { webhook: webhookId } })}
    >
      <Outlet />
    </EndpointFrame>
  );
}
