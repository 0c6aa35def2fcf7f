import { Radio, Stack } from '@mantine/core';
import type { EventPicker } from './picker';

type Props = { everything: boolean; events: readonly string[]; error: string | undefined; Picker: EventPicker; onChange: (change: { everything?: boolean; events?: string[] }) => void };

/** Everything, or only what is chosen by type or by area. */
export function WhatToHear({ everything, events, error, Picker, onChange }: Props) {
  return (
    <Stack>
      <Radio.Group size="md" label="It hears of" value={everything ? 'all' : 'some'} onChange={(value) => onChange({ everything: value === 'all' })}>
        <Stack gap="xs" mt="xs">
          <Radio value="some" label="Only these events" />
          <Radio value="all" label="Everything, also what is added to the product later" />
        </Stack>
      </Radio.Group>
      {!everything && <Picker label="Events" placeholder="Search, such as “result” or “registered”" description="Single ones, or all of an area." value={events} error={error} onChange={(chosen) => onChange({ events: chosen })} />}
    </Stack>
  );
}
