import { Alert, Button, Card, Code, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { showDateTime } from '../../../lib/dates';
import { Confirm } from '../../../ui/Dialog';
import { TextLink } from '../../../ui/LinkButton';
import { Page } from '../../../ui/Page';
import { notifyFailed } from '../../../ui/notify';
import { ReplayBadge } from './ReplaysPage';
import { WHICH } from './draft';
import { useStep, type Replay } from './queries';
import { shareOf } from './words';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" className="number" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}

function Steps({ replay }: { replay: Replay }) {
  const [asking, setAsking] = useState(false);
  const step = useStep(replay.id);
  if (replay.state !== 'running' && replay.state !== 'paused') return null;
  const paused = replay.state === 'paused';
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={() => setAsking(true)}>
        Cancel it
      </Button>
      <Button loading={step.isPending} leftSection={paused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />} onClick={() => step.mutate(paused ? 'resume' : 'pause', { onError: notifyFailed })}>
        {paused ? 'Go on' : 'Pause'}
      </Button>
      <Confirm opened={asking} onClose={() => setAsking(false)} title="Cancel this replay?" confirm="Cancel it" danger busy={step.isPending} error={step.error} onConfirm={() => step.mutate('cancel', { onSuccess: () => setAsking(false) })}>
        What was not sent yet is not sent. What is sent stays sent. It cannot be continued; begin another one for the rest.
      </Confirm>
    </>
  );
}

/** How far a replay is, and its pause and cancel. */
export function ReplayPage({ replay, nameOf }: { replay: Replay; nameOf: (webhookId: string) => string }) {
  const figures = [
    { label: 'Delivered', value: replay.delivered }, { label: 'Waiting', value: replay.waiting }, { label: 'Given up', value: replay.dead },
    { label: 'Cancelled', value: replay.cancelled }, { label: 'Skipped', value: replay.skipped },
  ].filter(({ label, value }) => value > 0 || label === 'Delivered' || label === 'Waiting');
  return (
    <Page
      title="Replay" badge={<ReplayBadge state={replay.state} />} subtitle={replay.reason} actions={<Steps replay={replay} />}
      crumbs={[<TextLink key="all" to="/webhooks" size="sm">Webhooks</TextLink>, <TextLink key="replays" to="/webhooks/replays" size="sm">Replays</TextLink>]}
    >
      <Card>
        <Stack gap="md">
          <div>
            <Group justify="space-between" mb={4}>
              <Text size="sm" fw={600} role="status">
                {replay.queued} of {replay.total} handed over for sending
              </Text>
              <Text size="sm" c="dimmed">
                at most {replay.ratePerMinute} a minute
              </Text>
            </Group>
            <Progress value={shareOf(replay)} aria-label="Handed over for sending" />
          </div>
          <SimpleGrid cols={{ base: 2, xs: 3, sm: 5 }}>
            {figures.map(({ label, value }) => (
              <Fact key={label} label={label}>{value}</Fact>
            ))}
          </SimpleGrid>
          {replay.dead > 0 && (
            <Alert color="orange" title="Some were given up">
              <TextLink to="/webhooks/dead" size="sm">See what was given up</TextLink>
            </Alert>
          )}
        </Stack>
      </Card>
      <Card padding="md">
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
          <Fact label="To">
            {replay.webhookIds.map((webhookId) => (
              <div key={webhookId}>
                <TextLink to="/webhooks/$webhookId" params={{ webhookId }} size="sm">{nameOf(webhookId)}</TextLink>
              </div>
            ))}
          </Fact>
          <Fact label="What">{WHICH[replay.which].label}</Fact>
          <Fact label="Events">{replay.eventTypes.length === 0 ? 'all that the webhook hears of' : replay.eventTypes.map((each) => <div key={each}><Code>{each}</Code></div>)}</Fact>
          <Fact label="Between">{replay.from === null ? 'the beginning' : showDateTime(replay.from)} and {replay.to === null ? 'the start of the replay' : showDateTime(replay.to)}</Fact>
          {replay.entityId !== null && <Fact label="About">{replay.entityId}</Fact>}
          <Fact label="Sent">{replay.asNew ? 'as new, under other ids' : 'again, under the same ids'}</Fact>
          <Fact label="By">{replay.byName}, {showDateTime(replay.createdAt)}</Fact>
          {replay.endedAt !== null && <Fact label="Ended">{showDateTime(replay.endedAt)}</Fact>}
        </SimpleGrid>
      </Card>
    </Page>
  );
}
