import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { printJson } from '../../../lib/json-places';
import { ErrorNote } from '../../../ui/ErrorView';
import { JsonField } from '../JsonField';
import { below, readObject } from '../json';
import { useTestCall, type EventKind } from '../queries';
import { TestOutcome } from './TestOutcome';

type Props = { webhookId: string; kinds: readonly EventKind[]; /** Patterns that the webhook hears, to begin with one of them. */ events: readonly string[] };

/** A type that everybody understands, for webhooks that hear of it. */
const USUAL = 'contest.created';

const heard = (events: readonly string[], name: string) => events.some((each) => each === '*' || each === name || (each.endsWith('.*') && name.startsWith(each.slice(0, -1))));

/** Sends an event that did not happen, and shows both sides of the conversation. */
export function TestConsole({ webhookId, kinds, events }: Props) {
  const fitting = kinds.filter(({ name }) => heard(events, name));
  const first = fitting.find(({ name }) => name === USUAL) ?? fitting[0] ?? kinds[0];
  const [name, setName] = useState(first?.name ?? '');
  const [text, setText] = useState(printJson(first?.sample ?? {}, '', 80));
  const call = useTestCall(webhookId);
  const { value, fault } = readObject(text);
  const chosen = kinds.find((each) => each.name === name);
  const choose = (wanted: string | null) => {
    const kind = kinds.find((each) => each.name === wanted);
    if (kind === undefined) return;
    setName(kind.name);
    setText(printJson(kind.sample, '', 80));
    call.reset();
  };
  const inPayload = below(call.error, '/payload');
  return (
    <Stack>
      <Select
        label="Event to send" description={chosen?.title.replaceAll('``', '')} searchable size="md" nothingFoundMessage="No type of event is called so."
        data={kinds.map((each) => each.name)} value={name} onChange={choose}
      />
      <JsonField label="Its payload" description="An example to change as you like. Whatever it says, nothing happens here." value={text} onChange={setText} faults={inPayload} minRows={6} />
      <Group>
        <Button leftSection={<IconSend size={16} aria-hidden />} loading={call.isPending} disabled={fault !== null || name === ''} onClick={() => call.mutate({ eventType: name, payload: value ?? {} })}>
          Send the test
        </Button>
        <Text size="sm" c="dimmed">
          It is marked as a test, tried once, and changes nothing if it fails.
        </Text>
      </Group>
      {inPayload.length === 0 && <ErrorNote error={call.error} />}
      {call.data !== undefined && <TestOutcome result={call.data} />}
    </Stack>
  );
}
