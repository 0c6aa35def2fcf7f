import { Card, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconBolt, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../ui/ErrorView';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { EmptyState, RowsLoading } from '../../ui/states';
import { WebhooksFrame } from './WebhooksFrame';
import { HealthBadge } from './badges';
import { statisticsQuery, webhooksQuery, type Webhook } from './queries';
import { successRate } from './statistics';
import { KINDS, healthOf, showWaiting } from './words';

function Figure({ label, children }: { label: string; children: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" fw={600} className="number">
        {children}
      </Text>
    </div>
  );
}

function LastDay({ id }: { id: string }) {
  const { data, isError } = useQuery(statisticsQuery(id, 24));
  if (isError) return <Figure label="Delivered, last 24 h">not known</Figure>;
  return <Figure label="Delivered, last 24 h">{data === undefined ? '…' : successRate(data.totals)}</Figure>;
}

function Row({ webhook }: { webhook: Webhook }) {
  const { tells, label } = healthOf(webhook);
  return (
    <Card padding="md" component="li">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <Stack gap={4} style={{ minWidth: 0 }}>
          <Group gap="xs">
            <TextLink to="/webhooks/$webhookId" params={{ webhookId: webhook.id }} fw={650} py={2} style={{ overflowWrap: 'anywhere' }}>
              {webhook.name}
            </TextLink>
            <HealthBadge webhook={webhook} />
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {webhook.kind === 'feed' ? KINDS.feed.label : webhook.url}
          </Text>
          {label !== 'Healthy' && <Text size="sm">{tells}</Text>}
        </Stack>
        <Group gap="lg" justify="space-between" align="flex-start">
          <div style={{ minWidth: 0, maxWidth: 200 }}>
            <Text size="xs" c="dimmed">
              Hears of
            </Text>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={2}>
              {webhook.events.includes('*') ? 'everything' : webhook.events.map((each, at) => <span key={each}>{at > 0 && ', '}<Code>{each}</Code></span>)}
            </Text>
          </div>
          <Group gap="lg" wrap="nowrap">
            {webhook.kind === 'http' && <Figure label="Waiting">{showWaiting(webhook)}</Figure>}
            {webhook.kind === 'http' && <LastDay id={webhook.id} />}
          </Group>
        </Group>
      </SimpleGrid>
    </Card>
  );
}

/** All webhooks of the organisation, how each is, and what waits for it. */
export function WebhooksPage() {
  const webhooks = useQuery({ ...webhooksQuery, refetchInterval: 15_000 });
  const add = (
    <LinkButton to="/webhooks/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New webhook
    </LinkButton>
  );
  return (
    <WebhooksFrame actions={<><LinkButton to="/event-types" variant="default">Event catalogue</LinkButton>{add}</>}>
      <ErrorNote error={webhooks.error} />
      {webhooks.isPending && <RowsLoading rows={3} />}
      {webhooks.data?.length === 0 && (
        <Card>
          <EmptyState icon={<IconBolt size={24} />} title="Nothing is connected yet" action={add}>
            A webhook tells another system at once when something happens here: a result display, a chat, a bookkeeping program.
            All it takes is an address; the rest is done in two minutes.
          </EmptyState>
        </Card>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Webhooks">
        {webhooks.data?.map((webhook) => (
          <Row key={webhook.id} webhook={webhook} />
        ))}
      </Stack>
    </WebhooksFrame>
  );
}
