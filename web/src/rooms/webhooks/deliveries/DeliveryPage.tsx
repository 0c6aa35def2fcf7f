import { Alert, Button, Card, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconBan, IconInfoCircle, IconRepeat } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { showDateTime } from '../../../lib/dates';
import { CopyText } from '../../../ui/CopyText';
import { Confirm } from '../../../ui/Dialog';
import { LinkButton, TextLink } from '../../../ui/LinkButton';
import { Page, Section } from '../../../ui/Page';
import { notifyDone, notifyFailed } from '../../../ui/notify';
import { StateBadge } from '../badges';
import { STATES } from '../words';
import { Tries } from './Tries';
import { outcomeOf } from './outcome';
import { useCancelDelivery, useRedeliver, type DeliveryDetail } from './queries';

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

function Actions({ delivery, onOpen }: { delivery: DeliveryDetail; onOpen: (id: string) => void }) {
  const [asking, setAsking] = useState(false);
  const again = useRedeliver();
  const cancel = useCancelDelivery();
  const waits = delivery.state === 'waiting' || delivery.state === 'retrying';
  const redeliver = () =>
    again.mutate(delivery.id, {
      onSuccess: ({ id }) => {
        notifyDone(waits ? 'It is tried at once.' : 'It is on its way once more.');
        if (id !== delivery.id) onOpen(id);
      },
      onError: notifyFailed,
    });
  const called = () => {
    setAsking(false);
    notifyDone('The delivery is cancelled.');
  };
  return (
    <>
      {waits && (
        <Button variant="default" leftSection={<IconBan size={16} aria-hidden />} onClick={() => setAsking(true)}>
          Cancel it
        </Button>
      )}
      {delivery.webhookName !== null && (
        <Button leftSection={<IconRepeat size={16} aria-hidden />} loading={again.isPending} onClick={redeliver}>
          {waits ? 'Try now' : 'Redeliver'}
        </Button>
      )}
      <Confirm opened={asking} onClose={() => setAsking(false)} title="Cancel this delivery?" confirm="Cancel it" danger busy={cancel.isPending} error={cancel.error} onConfirm={() => cancel.mutate(delivery.id, { onSuccess: called })}>
        The receiver is not told of this event. A try that is under way cannot be called back. It can be redelivered later.
      </Confirm>
    </>
  );
}

function Facts({ delivery }: { delivery: DeliveryDetail }) {
  return (
    <Card padding="md">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
          <Fact label="Webhook">
            {delivery.webhookName === null ? 'deleted since' : <TextLink to="/webhooks/$webhookId" params={{ webhookId: delivery.webhookId }} size="sm">{delivery.webhookName}</TextLink>}
          </Fact>
          <Fact label="Address">{delivery.url ?? 'not known any more'}</Fact>
          <Fact label="Outcome">{outcomeOf(delivery)}</Fact>
          <Fact label="Queued">{showDateTime(delivery.createdAt)}</Fact>
          {delivery.endedAt !== null && <Fact label="Ended">{showDateTime(delivery.endedAt)}</Fact>}
          {delivery.nextAt !== null && <Fact label="Next try">{showDateTime(delivery.nextAt)}</Fact>}
          {delivery.replayId !== null && <Fact label="Part of"><TextLink to="/webhooks/replays/$replayId" params={{ replayId: delivery.replayId }} size="sm">a replay</TextLink></Fact>}
        </SimpleGrid>
        <div>
          <Text size="xs" c="dimmed" mb={2}>
            Message id, by which a receiver knows what it has had already
          </Text>
          <CopyText value={delivery.messageId} label="the message id" />
        </div>
      </Stack>
    </Card>
  );
}

/** One event on its way to one webhook: what was sent at each try, and what came back. */
export function DeliveryPage({ delivery, onOpen }: { delivery: DeliveryDetail; onOpen: (id: string) => void }) {
  const webhook = { webhookId: delivery.webhookId };
  return (
    <Page
      title={delivery.eventType} badge={<StateBadge state={delivery.state} />} subtitle={STATES[delivery.state].tells}
      crumbs={[
        <TextLink key="all" to="/webhooks" size="sm">Webhooks</TextLink>,
        ...(delivery.webhookName === null ? [] : [<TextLink key="one" to="/webhooks/$webhookId/deliveries" params={webhook} size="sm">{delivery.webhookName}</TextLink>]),
      ]}
      actions={
        <>
          <LinkButton to="/log" search={{ entry: delivery.eventId }} variant="default">
            The event
          </LinkButton>
          <Actions delivery={delivery} onOpen={onOpen} />
        </>
      }
    >
      {delivery.held && (
        <Alert color="orange" icon={<IconInfoCircle aria-hidden />} title="It is held">
          The webhook is off, paused or failing. It is delivered as soon as the webhook is sent to again.
        </Alert>
      )}
      <Facts delivery={delivery} />
      <Section title="Tries">
        <Tries delivery={delivery} />
      </Section>
    </Page>
  );
}
