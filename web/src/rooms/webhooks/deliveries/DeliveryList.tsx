import { Button, Card, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { showDateTime } from '../../../lib/dates';
import { count } from '../../../lib/count';
import { ErrorNote } from '../../../ui/ErrorView';
import { TextLink } from '../../../ui/LinkButton';
import { EmptyState, RowsLoading } from '../../../ui/states';
import { StateBadge } from '../badges';
import { showMs } from '../words';
import { outcomeOf } from './outcome';
import { deliveriesQuery, type Delivery } from './queries';
import type { DeliverySearch } from './search';

export type Selection = Readonly<{ ids: readonly string[]; onChange: (ids: readonly string[]) => void }>;

function Row({ delivery, named, selection }: { delivery: Delivery; named: boolean; selection: Selection | undefined }) {
  const { id, eventType, state } = delivery;
  const picked = selection?.ids.includes(id) ?? false;
  return (
    <Card padding="sm" component="li">
      <Group wrap="nowrap" gap="sm" align="flex-start">
        {selection !== undefined && (
          <Checkbox
            mt={4} aria-label={`Choose ${eventType} of ${showDateTime(delivery.createdAt)}`} checked={picked}
            onChange={() => selection.onChange(picked ? selection.ids.filter((each) => each !== id) : [...selection.ids, id])}
          />
        )}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" gap="xs" align="center">
            <Group gap="xs" style={{ minWidth: 0 }}>
              <TextLink to="/webhooks/deliveries/$deliveryId" params={{ deliveryId: id }} size="sm" fw={600} py={3} style={{ display: 'inline-block', overflowWrap: 'anywhere' }}>
                {eventType}
              </TextLink>
              <StateBadge state={state} />
            </Group>
            <Text size="xs" c="dimmed">
              <time dateTime={delivery.createdAt}>{showDateTime(delivery.createdAt)}</time>
            </Text>
          </Group>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {named && <>{delivery.webhookName ?? 'a deleted webhook'} · </>}
            {outcomeOf(delivery)}
            {delivery.ms !== null && delivery.attempts > 0 && <> · {showMs(delivery.ms)}</>}
            {delivery.attempts > 1 && <> · {count(delivery.attempts, 'try', 'tries')}</>}
            {delivery.replayId !== null && <> · <Code fz="xs">replay</Code></>}
          </Text>
        </div>
      </Group>
    </Card>
  );
}

type Props = {
  search: DeliverySearch;
  /** Only the newest few, without a way to more. */
  few?: boolean;
  /** Says which webhook each goes to. */
  named?: boolean;
  selection?: Selection;
  empty?: string;
};

/** Deliveries that fit, newest first. */
export function DeliveryList({ search, few = false, named = false, selection, empty = 'As soon as something happens that it hears of, it shows here.' }: Props) {
  const deliveries = useInfiniteQuery({ ...deliveriesQuery(search), placeholderData: keepPreviousData, refetchInterval: 10_000 });
  const items = deliveries.isError ? [] : (deliveries.data?.pages.flatMap((page) => page.items) ?? []);
  return (
    <Stack gap="sm">
      <ErrorNote error={deliveries.error} />
      {deliveries.isPending && <RowsLoading rows={few ? 3 : 6} />}
      {deliveries.isSuccess && items.length === 0 && (
        <Card>
          <EmptyState icon={<IconSend size={24} aria-hidden />} title="No deliveries">{empty}</EmptyState>
        </Card>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none', opacity: deliveries.isPlaceholderData ? 0.6 : 1 }} aria-label="Deliveries, newest first" aria-busy={deliveries.isFetching}>
        {items.slice(0, few ? 5 : undefined).map((each) => (
          <Row key={each.id} delivery={each} named={named} selection={selection} />
        ))}
      </Stack>
      {!few && deliveries.hasNextPage && (
        <Group>
          <Button variant="default" loading={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>
            Load more
          </Button>
        </Group>
      )}
    </Stack>
  );
}
