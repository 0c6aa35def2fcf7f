import { ActionIcon, Card, Group, Stack, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { moved } from '../lib/order';

type Props<Item> = {
  label: string;
  items: readonly Item[];
  itemId: (item: Item) => string;
  itemName: (item: Item) => string;
  /** The whole new order, by id. */
  onReorder: (ids: string[]) => void;
  disabled?: boolean;
  children: (item: Item) => ReactNode;
};

/** A list put in order by dragging or, the same for keyboard and touch, by its up and down buttons. */
export function OrderedList<Item>({ label, items, itemId, itemName, onReorder, disabled, children }: Props<Item>) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const move = (from: number, to: number) => {
    const item = items[from];
    if (item === undefined || from === to || to < 0 || to >= items.length) return;
    onReorder(moved(items, from, to).map(itemId));
    setSaid(`${itemName(item)} is now number ${to + 1} of ${items.length}.`);
  };
  const drop = (to: number) => {
    if (dragged !== null) move(dragged, to);
    setDragged(null);
    setOver(null);
  };
  return (
    <>
      <Stack gap="xs" component="ol" aria-label={label} m={0} p={0} style={{ listStyle: 'none' }}>
        {items.map((item, at) => (
          <Card
            key={itemId(item)} component="li" padding="sm" draggable={!disabled}
            onDragStart={() => setDragged(at)}
            onDragEnd={() => drop(over ?? at)}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(at);
            }}
            onDrop={(event) => event.preventDefault()}
            style={{
              opacity: dragged === at ? 0.5 : 1,
              borderColor: over === at && dragged !== null && dragged !== at ? 'var(--mantine-color-brand-5)' : undefined,
            }}
          >
            <Group wrap="nowrap" gap="sm">
              {!disabled && <IconGripVertical size={18} aria-hidden style={{ cursor: 'grab', flexShrink: 0, opacity: 0.5 }} />}
              <div style={{ flex: 1, minWidth: 0 }}>{children(item)}</div>
              {!disabled && (
                <Group gap={2} wrap="nowrap">
                  <ActionIcon variant="subtle" color="gray" size="lg" disabled={at === 0} aria-label={`Move ${itemName(item)} up`} onClick={() => move(at, at - 1)}>
                    <IconArrowUp size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="gray" size="lg" disabled={at === items.length - 1} aria-label={`Move ${itemName(item)} down`} onClick={() => move(at, at + 1)}>
                    <IconArrowDown size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              )}
            </Group>
          </Card>
        ))}
      </Stack>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}
