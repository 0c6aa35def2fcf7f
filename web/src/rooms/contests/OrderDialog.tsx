import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import { OrderedList } from '../../ui/OrderedList';
import type { RunningOrder } from './entry-queries';

type Item = Readonly<{ id: string; name: string }>;
type Props = { items: readonly Item[]; busy: boolean; error: unknown; onClose: () => void; onSave: (order: RunningOrder) => void };

/** The running order: drawn, by number, reversed, or put by hand. */
export function OrderDialog({ items, busy, error, onClose, onSave }: Props) {
  const [order, setOrder] = useState(items);
  const byHand = (ids: readonly string[]) => {
    const known = new Map(order.map((item) => [item.id, item]));
    setOrder(ids.map((id) => known.get(id)).filter((item) => item !== undefined));
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Running order</Text>} size="lg">
      <Stack>
        <Group gap="xs">
          <Button variant="default" loading={busy} onClick={() => onSave({ how: 'shuffle' })}>
            Draw lots
          </Button>
          <Button variant="default" loading={busy} onClick={() => onSave({ how: 'number' })}>
            By number
          </Button>
          <Button variant="default" loading={busy} onClick={() => onSave({ how: 'reverse' })}>
            Reverse
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          A draw keeps its seed in the log, so that anybody can repeat it. Or arrange by hand:
        </Text>
        <OrderedList label="Running order" items={order} itemId={(item) => item.id} itemName={(item) => item.name} onReorder={byHand}>
          {(item) => (
            <Text size="sm" fw={500}>
              {item.name}
            </Text>
          )}
        </OrderedList>
        <ErrorNote error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} onClick={() => onSave({ how: 'given', entryIds: order.map((item) => item.id) })}>
            Save this order
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
