import { Accordion, Badge, Card, Group, Stack, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { CodeBlock } from '../../../ui/CodeBlock';
import { Exchange } from '../Exchange';
import { printBody } from '../bodies';
import { showMs } from '../words';
import { answerOf } from './outcome';
import type { Attempt, DeliveryDetail } from './queries';

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const arrived = ({ status, error }: Attempt) => error === '' && status !== null && status >= 200 && status < 300;

/** What took how long, as far as it happened: a kept connection has neither name look-up nor handshake. */
function Times({ attempt }: { attempt: Attempt }) {
  const { timings, ms, ip } = attempt;
  const steps = timings === null ? [] : [['name looked up', timings.dns], ['connected', timings.connect], ['encrypted', timings.tls], ['first byte', timings.firstByte]] as const;
  const said = steps.filter(([, each]) => each >= 0.5).map(([name, each]) => `${name} after ${showMs(each)}`);
  return (
    <Text size="sm" c="dimmed">
      {[ip === '' ? null : `at ${ip}`, ...said, ms === null ? null : `${showMs(ms)} in all`].filter((each) => each !== null).join(' · ')}
    </Text>
  );
}

function Try({ attempt, body }: { attempt: Attempt; body: string }) {
  const good = arrived(attempt);
  return (
    <Accordion.Item value={String(attempt.n)}>
      <Accordion.Control>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            Try {attempt.n}
          </Text>
          <Badge color={good ? 'teal' : 'red'} leftSection={good ? <IconCheck size={12} aria-hidden /> : <IconX size={12} aria-hidden />}>
            {answerOf(attempt)}
          </Badge>
          <Text size="sm" c="dimmed">
            {clock.format(new Date(attempt.at))}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack>
          <Times attempt={attempt} />
          <Exchange requestHeaders={attempt.requestHeaders} requestBody={body} responseHead={attempt.responseHead} responseBody={attempt.responseBody} truncated={attempt.truncated} />
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

/** Every try of a delivery, the last one open. */
export function Tries({ delivery }: { delivery: DeliveryDetail }) {
  const { tries, requestBody, requestBodyNote } = delivery;
  const note = requestBodyNote !== '' && <Text size="sm" c="dimmed">{requestBodyNote}</Text>;
  if (tries.length === 0) {
    return (
      <Card>
        <Stack gap="sm">
          <Text size="sm">It was not tried yet. This is what is sent:</Text>
          {note}
          {requestBody !== null && <CodeBlock label="Body to send" text={printBody(requestBody)} />}
        </Stack>
      </Card>
    );
  }
  return (
    <Stack gap="xs">
      {note}
      {requestBody !== null && <Text size="sm" c="dimmed">Bodies are made again from the log, by the settings that the webhook has now.</Text>}
      <Accordion multiple variant="contained" defaultValue={[String(tries.at(-1)?.n)]} order={3}>
        {tries.toReversed().map((attempt) => (
          <Try key={attempt.n} attempt={attempt} body={requestBody ?? ''} />
        ))}
      </Accordion>
    </Stack>
  );
}
