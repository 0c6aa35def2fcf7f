import { Badge, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { CodeBlock } from '../../ui/CodeBlock';
import { printBody } from './bodies';

type Props = {
  requestHeaders: string;
  requestBody: string;
  responseHead: string;
  responseBody: string;
  truncated?: boolean;
  /** Order of the headings, one below what stands above. */
  order?: 3 | 4;
};

function Side({ title, order, mark, children }: { title: string; order: 3 | 4; mark?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="xs" style={{ minWidth: 0 }} component="section" aria-label={title}>
      <Group gap="xs">
        <Title order={order} size="h4">{title}</Title>
        {mark}
      </Group>
      {children}
    </Stack>
  );
}

function Part({ label, text, none }: { label: string; text: string; none: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2}>
        {label}
      </Text>
      {text === '' ? <Text size="sm">{none}</Text> : <CodeBlock label={label} text={text} maxHeight={320} />}
    </div>
  );
}

/** What was sent, and what came back. */
export function Exchange({ requestHeaders, requestBody, responseHead, responseBody, truncated = false, order = 4 }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Side title="Request" order={order}>
        <Part label="Headers sent" text={requestHeaders} none="None were sent." />
        <Part label="Body sent" text={printBody(requestBody)} none="Not kept." />
      </Side>
      <Side title="Response" order={order} mark={truncated ? <Badge color="gray">Cut at 16 KiB</Badge> : undefined}>
        <Part label="Status and headers received" text={responseHead} none="There was no answer." />
        <Part label="Body received" text={printBody(responseBody)} none="It was empty." />
      </Side>
    </SimpleGrid>
  );
}
