import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { logTypesQuery } from '../../rooms/eventlog/queries';
import { DeliveriesPage } from '../../rooms/webhooks/deliveries/DeliveriesPage';
import { readDeliverySearch } from '../../rooms/webhooks/deliveries/search';

export const Route = createFileRoute('/_app/webhooks/$webhookId/deliveries')({
  validateSearch: readDeliverySearch,
  component: Deliveries,
});

function Deliveries() {
  const { webhookId } = Route.useParams();
  const navigate = Route.useNavigate();
  const { data: kinds } = useSuspenseQuery(logTypesQuery);
  return <DeliveriesPage webhookId={webhookId} kinds={kinds} search={Route.useSearch()} onSearch={(next) => void navigate({ search: readDeliverySearch(next), resetScroll: false })} />;
}
