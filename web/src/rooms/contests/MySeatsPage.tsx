import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconGavel } from '@tabler/icons-react';
import { count } from '../../lib/count';
import { showDate } from '../../lib/dates';
import { LinkButton } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';
import { EmptyState } from '../../ui/states';
import { LockBadge, StateBadge } from './badges';
import type { MySeat } from './panel-queries';

function SeatLine({ seat }: { seat: MySeat }) {
  const open = seat.state === 'judging' && !seat.locked && seat.seatState === 'active';
  return (
    <Card component="article">
      <Stack gap="sm" h="100%" justify="space-between">
        <div>
          <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
            <Title order={2} size="h3">
              {seat.categoryName}
            </Title>
            <Group gap={6} wrap="nowrap">
              <StateBadge state={seat.state} />
              {seat.locked && <LockBadge lockedAt="now" />}
            </Group>
          </Group>
          <Text size="sm" c="dimmed">
            {seat.eventName} · {seat.contestName}
            {seat.startsOn === null ? '' : ` · ${showDate(seat.startsOn)}`}
          </Text>
          <Text size="sm" mt={4}>
            Your seat {seat.label} · {count(seat.entries, 'entry', 'entries')} · {count(seat.criteria, 'criterion', 'criteria')}
            {seat.recused > 0 ? ` · recused from ${seat.recused}` : ''}
          </Text>
          {seat.seatState === 'absent' && <Badge color="gray">You are marked absent</Badge>}
        </div>
        <LinkButton to="/judging/$categoryId" params={{ categoryId: seat.categoryId }} size="md" variant={open ? 'filled' : 'default'} fullWidth>
          {open ? 'Judge' : 'Look at your sheet'}
        </LinkButton>
      </Stack>
    </Card>
  );
}

/** The categories in which the reader has a seat. */
export function MySeatsPage({ seats }: { seats: readonly MySeat[] }) {
  return (
    <Page title="My judging" subtitle="Categories with a seat of yours; those open for marks first.">
      {seats.length === 0 ? (
        <Card>
          <EmptyState icon={<IconGavel size={24} />} title="You have no seat yet">
            As soon as an organiser seats you on a panel, its category appears here.
          </EmptyState>
        </Card>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {seats.map((seat) => (
            <SeatLine key={seat.seatId} seat={seat} />
          ))}
        </SimpleGrid>
      )}
    </Page>
  );
}
