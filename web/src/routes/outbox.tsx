import { createFileRoute } from '@tanstack/react-router';
import { OutboxPage } from '../rooms/demo/OutboxPage';

export const Route = createFileRoute('/outbox')({ component: OutboxPage });
