import { Card, Stack, Text } from '@mantine/core';
import { basePath } from '../../lib/base';
import { CodeBlock } from '../../ui/CodeBlock';
import { CopyText } from '../../ui/CopyText';
import { TextLink } from '../../ui/LinkButton';
import { Section } from '../../ui/Page';

/** How a program fetches a feed. */
export function FeedHelp({ webhookId }: { webhookId: string }) {
  const address = `${window.location.origin}${basePath}/api/events/webhooks/${webhookId}/feed`;
  return (
    <Section title="How to fetch it">
      <Card>
        <Stack gap="xs">
          <Text size="sm">
            Your program reads this address with an <TextLink to="/account/keys" size="sm" underline="always">API key</TextLink> that may read the log, and the next time with the <code>nextCursor</code> of the answer before. With <code>wait</code> the answer comes as soon as there is something new.
          </Text>
          <CopyText value={address} label="the address of the feed" />
          <CodeBlock label="For example" text={`curl -H "Authorization: Bearer $KEY" "${address}?wait=20"`} />
        </Stack>
      </Card>
    </Section>
  );
}
