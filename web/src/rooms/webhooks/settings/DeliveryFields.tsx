import { Checkbox, Radio, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { ORDERS, showSeconds } from '../words';
import type { FieldsProps } from './ShapeFields';
import { USUAL, waitsOf } from './values';

const orders = Object.entries(ORDERS).map(([value, { label }]) => ({ value, label }));
const list = new Intl.ListFormat('en', { type: 'conjunction' });

function planOf(waits: readonly number[]): string {
  if (waits.length === 0) return 'It is tried once.';
  const total = waits.reduce((sum, each) => sum + each, 0);
  return `After each failed try it waits ${list.format(waits.map(showSeconds))}; given up after ${showSeconds(total)}. A receiver may ask for a longer wait.`;
}

/** Tries, waits, order and limits. */
export function DeliveryFields({ form, bind }: FieldsProps) {
  const { retry, tries, waits, ordering } = form.values;
  const planned = retry === 'usual' ? USUAL.slice(0, Math.max(0, Number(tries) - 1 || 0)) : (waitsOf(waits) ?? []);
  return (
    <Stack>
      <Radio.Group size="md" label="When the receiver does not take it" {...bind('retry')}>
        <Stack gap="xs" mt="xs">
          <Radio value="usual" label="Try again on the usual schedule" />
          <Radio value="own" label="Try again after waits of our own" />
        </Stack>
      </Radio.Group>
      {retry === 'usual' ? (
        <TextInput label="Tries" inputMode="numeric" w={{ base: '100%', xs: 220 }} {...bind('tries')} />
      ) : (
        <TextInput label="Waits in seconds" placeholder="5, 60, 600" {...bind('waits')} />
      )}
      <Text size="sm" c="dimmed">{planOf(planned)}</Text>
      <Select label="Order" description={ORDERS[ordering].does} data={orders} {...bind('ordering')} />
      {ordering !== 'none' && <Checkbox label="One that was given up stops what comes after it, until it is redelivered or cancelled" {...bind('blocksOnDead', { type: 'checkbox' })} />}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput label="Time for an answer" rightSection={<Text size="sm" c="dimmed">s</Text>} inputMode="numeric" {...bind('seconds')} />
        <TextInput label="At most per minute" placeholder="no limit" inputMode="numeric" {...bind('ratePerMinute')} />
        <TextInput label="At most at a time" placeholder="as it can bear" inputMode="numeric" {...bind('maxInFlight')} />
      </SimpleGrid>
    </Stack>
  );
}
