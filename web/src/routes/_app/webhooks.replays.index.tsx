import { createFileRoute } from '@tanstack/react-router';
import { ReplaysPage } from '../../rooms/webhooks/replay/ReplaysPage';

export const Route = createFileRoute('/_app/webhooks/replays/')({ component: ReplaysPage });
