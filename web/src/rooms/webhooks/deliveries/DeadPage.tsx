import { Button, Group, Progress, Select, Stack, Text } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../../../lib/count';
import { ErrorNote } from '../../../ui/ErrorView';
import { LinkButton } from '../../../ui/LinkButton';
import { notifyDone } from '../../../ui/notify';
import { WebhooksFrame } from '../WebhooksFrame';
import { webhooksQuery } from '../queries';
import { DeliveryList } from './DeliveryList';
import { useRedeliverAll } from './queries';

/** Deliveries that were given up, of all webhooks: chosen ones are sent once more, many by a replay. */
export function DeadPage() {
  const [webhook, setWebhook] = useState<string | null>(null);
  const [ids, setIds] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState(0);
  const webhooks = useQuery(webhooksQuery);
  const again = useRedeliverAll((sent) => setIds((before) => before.filter((id) => id !== sent)));
  const names = new Map(webhooks.data?.map(({ id, name }) => [id, name]));
  const send = () => {
    setAsked(ids.length);
    again.mutate(ids, { onSuccess: (sent) => notifyDone(`${count(sent, 'delivery is', 'deliveries are')} on the way once more.`) });
  };
  return (
    <WebhooksFrame>
      <Group justify="space-between" align="flex-end" gap="sm">
        <Select
          label="Webhook" placeholder="All" clearable clearButtonProps={{ 'aria-label': 'All webhooks' }} w={{ base: '100%', xs: 300 }} value={webhook}
          data={[...names].map(([value, label]) => ({ value, label }))} onChange={(id) => { setWebhook(id); setIds([]); }}
        />
        <Group gap="xs">
          <LinkButton to="/webhooks/replays/new" search={webhook === null ? {} : { webhook }} variant="default">
            Replay many
          </LinkButton>
          <Button leftSection={<IconRepeat size={16} aria-hidden />} disabled={ids.length === 0} loading={again.isPending} onClick={send}>
            {ids.length === 0 ? 'Redeliver' : `Redeliver ${ids.length}`}
          </Button>
        </Group>
      </Group>
      <ErrorNote error={again.error} />
      {again.isPending && (
        <Stack gap={4} role="status">
          <Progress value={(100 * (asked - ids.length)) / asked} aria-label="Redelivered" />
          <Text size="sm">
            {asked - ids.length} of {asked}
          </Text>
        </Stack>
      )}
      <DeliveryList
        search={{ state: 'dead', webhook: webhook ?? undefined }} named selection={{ ids, onChange: setIds }}
        empty="Every delivery got through, or is still being tried. What is given up stays here until it expires."
      />
    </WebhooksFrame>
  );
}
