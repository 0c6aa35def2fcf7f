import { Card } from '@mantine/core';
import { Section } from '../../../ui/Page';
import type { EventKind, Webhook } from '../queries';
import { TestConsole } from './TestConsole';

/** A test call at any time: also while the webhook is off, and without counting as a delivery. */
export function TestPage({ webhook, kinds }: { webhook: Webhook; kinds: readonly EventKind[] }) {
  return (
    <Section title="Send a test" note="Shaped, signed and sent as a real event would be. If it arrives, a paused webhook is sent to again.">
      <Card>
        <TestConsole webhookId={webhook.id} kinds={kinds} events={webhook.events} />
      </Card>
    </Section>
  );
}
