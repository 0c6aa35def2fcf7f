import { Alert, Anchor, Button, Code, Group, List, Stack, Text, Title } from '@mantine/core';
import { IconAlertCircle, IconCloudOff, IconLock } from '@tabler/icons-react';
import { Offline, Problem, fieldPath } from '../api/problem';

/** How a reader can mend what a status means, where the server's own sentence does not already say it. */
function advice(error: unknown): string | null {
  if (!(error instanceof Problem)) return null;
  if (error.status === 403) return 'Ask an administrator of your organisation for the right, or sign in as someone else.';
  if (error.status === 412) return 'Load the page again to see the newer state, then make your change once more.';
  if (error.status === 429) return `Wait ${error.retryAfter ?? 'a few'} seconds, then try again.`;
  if (error.status >= 500) return 'Try again in a moment. If it stays, tell your administrator the reference below.';
  return null;
}

const titleOf = (error: unknown): string => {
  if (error instanceof Problem) return error.title;
  return error instanceof Offline ? 'No connection' : 'This page could not be shown';
};

function Icon({ error }: { error: unknown }) {
  if (error instanceof Offline) return <IconCloudOff aria-hidden />;
  if (error instanceof Problem && (error.status === 403 || error.status === 401)) return <IconLock aria-hidden />;
  return <IconAlertCircle aria-hidden />;
}

function Details({ error }: { error: unknown }) {
  const help = advice(error);
  const faults = error instanceof Problem ? error.faults : [];
  return (
    <Stack gap="xs">
      <Text size="sm">{error instanceof Error ? error.message : 'An unexpected fault.'}</Text>
      {faults.length > 0 && (
        <List size="sm" spacing={2}>
          {faults.map((fault) => (
            <List.Item key={`${fault.pointer} ${fault.detail}`}>
              <Code>{fieldPath(fault.pointer)}</Code> {fault.detail}
            </List.Item>
          ))}
        </List>
      )}
      {help !== null && <Text size="sm">{help}</Text>}
      {error instanceof Problem && error.correlationId !== null && (
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>
          Reference <Code>{error.correlationId}</Code>
        </Text>
      )}
    </Stack>
  );
}

/** A refusal beside the thing it concerns: a form, a table. */
export function ErrorNote({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <Alert color="red" variant="light" role="alert" icon={<Icon error={error} />} title={titleOf(error)}>
      <Details error={error} />
    </Alert>
  );
}

/** A whole page that could not be shown. */
export function ErrorPage({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Stack align="flex-start" maw={560} py="xl" gap="md" role="alert">
      <Title order={1}>{titleOf(error)}</Title>
      <Details error={error} />
      <Group>
        {retry !== undefined && <Button onClick={retry}>Try again</Button>}
        <Anchor href="/">Go to the start page</Anchor>
      </Group>
    </Stack>
  );
}
