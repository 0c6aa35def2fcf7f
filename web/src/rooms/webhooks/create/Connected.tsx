import { Alert, Card, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { CopyText } from '../../../ui/CopyText';
import { LinkButton } from '../../../ui/LinkButton';
import { Section } from '../../../ui/Page';
import { FeedHelp } from '../FeedHelp';
import type { EventKind, WebhookCreated } from '../queries';
import { TestConsole } from '../test/TestConsole';

/** After a webhook is made: its secret, shown this once, and a first event. */
export function Connected({ webhook, kinds }: { webhook: WebhookCreated; kinds: readonly EventKind[] }) {
  return (
    <Stack gap="lg">
      {webhook.secret !== null && (
        <Section title="3. Keep the secret">
          <Alert color="orange" icon={<IconKey aria-hidden />} title="Copy it now: it is not shown again">
            <Stack gap="xs">
              <Text size="sm">With it your program checks that a message comes from here and was not changed. If it is lost, make a new one.</Text>
              <CopyText value={webhook.secret} label="the secret" />
            </Stack>
          </Alert>
        </Section>
      )}
      {webhook.kind === 'feed' && <FeedHelp webhookId={webhook.id} />}
      {webhook.kind === 'http' && (
        <Section title={webhook.secret === null ? '3. See a first event arrive' : '4. See a first event arrive'}>
          <Card>
            <TestConsole webhookId={webhook.id} kinds={kinds} events={webhook.events} />
          </Card>
        </Section>
      )}
      <Group>
        <LinkButton to="/webhooks/$webhookId" params={{ webhookId: webhook.id }}>
          Go to the webhook
        </LinkButton>
        <LinkButton to="/webhooks" variant="default">
          All webhooks
        </LinkButton>
      </Group>
    </Stack>
  );
}
