import { Card, Code, Group, SegmentedControl, SimpleGrid, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { showDateTime } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { LinkButton } from '../../ui/LinkButton';
import { Section } from '../../ui/Page';
import { RowsLoading } from '../../ui/states';
import { Charts } from './Charts';
import { FeedHelp } from './FeedHelp';
import { DeliveryList } from './deliveries/DeliveryList';
import { statisticsQuery, type Webhook } from './queries';
import { FORMATS, KINDS, ORDERS, TEMPLATES, showWaiting } from './words';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}

const shapeOf = ({ template, transform, format }: Webhook) =>
  template !== null ? `Message for ${TEMPLATES[template]}` : transform === null ? FORMATS[format].label : `${FORMATS[format].label}, transformed`;

function Facts({ webhook }: { webhook: Webhook }) {
  return (
    <Card padding="md">
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        <Fact label="Hears of">{webhook.events.includes('*') ? 'everything' : webhook.events.map((each) => <div key={each}><Code>{each}</Code></div>)}</Fact>
        <Fact label="Filter">{webhook.filter === null ? 'none' : 'set'}</Fact>
        <Fact label="Sent as">{shapeOf(webhook)}</Fact>
        {webhook.kind === 'http' ? (
          <>
            <Fact label="Order">{ORDERS[webhook.ordering].label}</Fact>
            <Fact label="Waiting">{showWaiting(webhook)}</Fact>
            <Fact label="Tries">{webhook.retryAttempts}</Fact>
          </>
        ) : (
          <Fact label="Delivered by">{KINDS[webhook.kind].label}</Fact>
        )}
        <Fact label="Set up">{showDateTime(webhook.createdAt)}</Fact>
        <Fact label="Changed">{showDateTime(webhook.updatedAt)}</Fact>
      </SimpleGrid>
    </Card>
  );
}

const spans = [{ value: '24', label: '24 hours' }, { value: '168', label: '7 days' }];

function Sent({ webhook }: { webhook: Webhook }) {
  const [hours, setHours] = useState('24');
  const statistics = useQuery({ ...statisticsQuery(webhook.id, Number(hours)), placeholderData: keepPreviousData, refetchInterval: 30_000 });
  return (
    <Section title="Deliveries by hour" actions={<SegmentedControl size="xs" data={spans} value={hours} onChange={setHours} aria-label="Time that is shown" />}>
      <ErrorNote error={statistics.error} />
      {statistics.isPending && <RowsLoading rows={3} />}
      {statistics.data !== undefined && <Charts buckets={statistics.data.buckets} totals={statistics.data.totals} />}
    </Section>
  );
}

/** How one webhook is set, how its deliveries went, and the newest of them. */
export function OverviewPage({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <Facts webhook={webhook} />
      {webhook.kind === 'feed' && <FeedHelp webhookId={webhook.id} />}
      {webhook.kind === 'nats' && (
        <Text size="sm" c="dimmed">Events are published in the order in which they were committed, each with its id, by which your broker or its readers know repeats.</Text>
      )}
      {webhook.kind === 'http' && (
        <>
          <Sent webhook={webhook} />
          <Section title="Newest deliveries">
            <DeliveryList search={{ webhook: webhook.id }} few />
            <Group>
              <LinkButton to="/webhooks/$webhookId/deliveries" params={{ webhookId: webhook.id }} variant="default">
                All deliveries
              </LinkButton>
            </Group>
          </Section>
        </>
      )}
    </>
  );
}
