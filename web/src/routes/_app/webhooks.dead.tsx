import { createFileRoute } from '@tanstack/react-router';
import { DeadPage } from '../../rooms/webhooks/deliveries/DeadPage';

export const Route = createFileRoute('/_app/webhooks/dead')({ component: DeadPage });
