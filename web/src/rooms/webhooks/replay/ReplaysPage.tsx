import { Badge, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { IconPlus, IconRepeat } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { showDateTime } from '../../../lib/dates';
import { ErrorNote } from '../../../ui/ErrorView';
import { LinkButton, TextLink } from '../../../ui/LinkButton';
import { EmptyState, RowsLoading } from '../../../ui/states';
import { WebhooksFrame } from '../WebhooksFrame';
import { WHICH } from './draft';
import { replaysQuery, type Replay } from './queries';
import { REPLAY_STATES, shareOf } from './words';

export function ReplayBadge({ state }: Pick<Replay, 'state'>) {
  const { label, colour } = REPLAY_STATES[state];
  return <Badge color={colour}>{label}</Badge>;
}

function Row({ replay }: { replay: Replay }) {
  return (
    <Card padding="md" component="li">
      <Stack gap={6}>
        <Group justify="space-between" gap="xs">
          <Group gap="xs" style={{ minWidth: 0 }}>
            <TextLink to="/webhooks/replays/$replayId" params={{ replayId: replay.id }} fw={600} py={2} style={{ overflowWrap: 'anywhere' }}>
              {replay.reason}
            </TextLink>
            <ReplayBadge state={replay.state} />
          </Group>
          <Text size="xs" c="dimmed">
            {showDateTime(replay.createdAt)}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {WHICH[replay.which].label} · {replay.queued} of {replay.total} · by {replay.byName}
        </Text>
        <Progress value={shareOf(replay)} aria-label={`Progress of: ${replay.reason}`} />
      </Stack>
    </Card>
  );
}

/** Replays of the organisation, newest first. */
export function ReplaysPage() {
  const replays = useQuery({ ...replaysQuery, refetchInterval: 5_000 });
  const begin = (
    <LinkButton to="/webhooks/replays/new" leftSection={<IconPlus size={16} aria-hidden />}>
      New replay
    </LinkButton>
  );
  return (
    <WebhooksFrame actions={begin}>
      <ErrorNote error={replays.error} />
      {replays.isPending && <RowsLoading rows={3} />}
      {replays.data?.length === 0 && (
        <Card>
          <EmptyState icon={<IconRepeat size={24} />} title="Nothing was replayed yet" action={begin}>
            A replay sends events of the past once more: after a receiver was down, or to fill a new one.
          </EmptyState>
        </Card>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Replays, newest first">
        {replays.data?.map((each) => (
          <Row key={each.id} replay={each} />
        ))}
      </Stack>
    </WebhooksFrame>
  );
}
