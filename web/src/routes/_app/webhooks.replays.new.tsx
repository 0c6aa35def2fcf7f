import { createFileRoute } from '@tanstack/react-router';
import { EventPicker } from '../../rooms/eventlog/EventPicker';
import { NewReplayPage } from '../../rooms/webhooks/replay/NewReplayPage';

export const Route = createFileRoute('/_app/webhooks/replays/new')({
  validateSearch: (search): { webhook?: string } => (typeof search['webhook'] === 'string' ? { webhook: search['webhook'] } : {}),
  component: New,
});

function New() {
  const navigate = Route.useNavigate();
  return <NewReplayPage webhook={Route.useSearch().webhook} Picker={EventPicker} onBegun={(replayId) => void navigate({ to: '/webhooks/replays/$replayId', params: { replayId } })} />;
}
