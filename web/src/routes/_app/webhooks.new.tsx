import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { EventPicker } from '../../rooms/eventlog/EventPicker';
import { logTypesQuery } from '../../rooms/eventlog/queries';
import { NewWebhookPage } from '../../rooms/webhooks/create/NewWebhookPage';

export const Route = createFileRoute('/_app/webhooks/new')({ component: New });

function New() {
  return <NewWebhookPage kinds={useSuspenseQuery(logTypesQuery).data} Picker={EventPicker} />;
}
