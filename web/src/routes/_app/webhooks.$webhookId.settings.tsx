import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { EventPicker } from '../../rooms/eventlog/EventPicker';
import { webhookQuery } from '../../rooms/webhooks/queries';
import { SettingsPage } from '../../rooms/webhooks/settings/SettingsPage';

export const Route = createFileRoute('/_app/webhooks/$webhookId/settings')({ component: Settings });

function Settings() {
  const { data: webhook } = useSuspenseQuery(webhookQuery(Route.useParams().webhookId));
  return <SettingsPage key={webhook.version} webhook={webhook} Picker={EventPicker} />;
}
