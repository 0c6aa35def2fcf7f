import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { webhooksQuery } from '../../rooms/webhooks/queries';
import { ReplayPage } from '../../rooms/webhooks/replay/ReplayPage';
import { replayQuery } from '../../rooms/webhooks/replay/queries';

/** How often a replay that still has something to do is looked at. */
const LOOK_AGAIN_MS = 2000;

export const Route = createFileRoute('/_app/webhooks/replays/$replayId')({ component: Replay });

function Replay() {
  const { replayId } = Route.useParams();
  const { data: replay } = useSuspenseQuery({ ...replayQuery(replayId), refetchInterval: ({ state: { data } }) => (data?.endedAt === null || (data?.waiting ?? 0) > 0 ? LOOK_AGAIN_MS : false) });
  const { data: webhooks } = useQuery(webhooksQuery);
  return <ReplayPage replay={replay} nameOf={(id) => webhooks?.find((each) => each.id === id)?.name ?? 'a webhook'} />;
}
