import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { DeliveryPage } from '../../rooms/webhooks/deliveries/DeliveryPage';
import { deliveryQuery } from '../../rooms/webhooks/deliveries/queries';

/** How often a delivery that is not done yet is looked at again. */
const LOOK_AGAIN_MS = 3000;

export const Route = createFileRoute('/_app/webhooks/deliveries/$deliveryId')({ component: Delivery });

function Delivery() {
  const { deliveryId } = Route.useParams();
  const navigate = Route.useNavigate();
  const { data: delivery } = useSuspenseQuery({ ...deliveryQuery(deliveryId), refetchInterval: ({ state }) => (state.data?.endedAt === null ? LOOK_AGAIN_MS : false) });
  return <DeliveryPage key={deliveryId} delivery={delivery} onOpen={(id) => void navigate({ to: '/webhooks/deliveries/$deliveryId', params: { deliveryId: id } })} />;
}
