import { Alert, Button, CopyButton, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconEyeOff, IconLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { basePath } from '../../lib/base';
import { showDateTime } from '../../lib/dates';
import { CopyText } from '../../ui/CopyText';
import { Changes } from './Changes';
import { Proof } from './intact/Proof';
import { Trace } from './Trace';
import { linesOf, type Line } from './payload';
import type { LogEntry, LogEntryDetail } from './queries';
import type { LogSearch } from './search';
import { actorOf, labelOf, sentenceOf } from './words';

type Props = { entry: LogEntryDetail; search: LogSearch; says: (entry: Pick<LogEntry, 'type'>) => string; onChange: (change: LogSearch) => void };

function Lines({ label, lines }: { label: string; lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <Table verticalSpacing={6} horizontalSpacing={0} aria-label={label} layout="fixed">
      <Table.Tbody>
        {lines.map((line) => (
          <Table.Tr key={line.label}>
            <Table.Th scope="row" w="34%" fw={500} c="dimmed">
              {line.label}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {line.value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap={6} component="section" aria-label={title}>
      <Title order={3} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

const Withheld = () => (
  <Alert icon={<IconEyeOff aria-hidden />} title="Why nothing is shown">
    Marks, deductions and decisions on ties are under embargo: the log shows that they happened and to what, never what they
    say. Their content is read on the pages of the category, by those who may and when they may.
  </Alert>
);

function CopyLink({ id }: { id: string }) {
  return (
    <CopyButton value={`${window.location.origin}${basePath}/log?entry=${id}`}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" leftSection={<IconLink size={14} aria-hidden />} onClick={copy}>
          {copied ? 'Link copied' : 'Copy link'}
        </Button>
      )}
    </CopyButton>
  );
}

/** All that one entry says, its ids, and what else happened with it. */
export function EntryDetail({ entry, search, says, onChange }: Props) {
  const { changes, facts, ids } = linesOf(entry.payload);
  const { id: actorId } = entry.actor;
  const about: Line[] = [
    { label: 'Who', value: actorOf(entry) },
    { label: 'When', value: showDateTime(entry.at) },
    { label: 'From address', value: entry.address === '' ? 'unknown' : entry.address },
    { label: 'Type', value: `${entry.type}, version ${entry.version}` },
  ];
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Title order={2} size="h3">
          {sentenceOf(entry.title) || entry.type}
        </Title>
        <Lines label="About the entry" lines={about} />
        <Group gap="xs">
          <CopyLink id={entry.id} />
          {actorId !== null && <Button size="xs" variant="default" onClick={() => onChange({ actor: actorId, entry: undefined })}>Only what {actorOf(entry)} did</Button>}
          <Button size="xs" variant="default" onClick={() => onChange({ entity: entry.entityId, entry: undefined })}>Only this {labelOf(entry.entityType).toLowerCase()}</Button>
        </Group>
      </Stack>
      <Part title="What it says">
        {entry.embargoed && <Withheld />}
        {!entry.embargoed && changes.length + facts.length === 0 && <Text size="sm">That it happened, and to what.</Text>}
        {changes.length > 0 && <Changes changes={changes} />}
        <Lines label="What it says" lines={facts} />
      </Part>
      <Part title="Ids">
        <Lines label="Ids it names" lines={ids} />
        <Text size="sm" c="dimmed">Entry</Text>
        <CopyText value={entry.id} label="id of the entry" />
        {entry.correlationId !== '' && (
          <>
            <Text size="sm" c="dimmed">Correlation</Text>
            <CopyText value={entry.correlationId} label="correlation id" />
          </>
        )}
      </Part>
      <Part title="Proof">
        <Proof id={entry.id} />
      </Part>
      {entry.trace.length > 0 && (
        <Part title="In the same request or job">
          <Trace entries={entry.trace} here={entry.id} search={search} says={says} />
          <Group>
            <Button size="xs" variant="default" onClick={() => onChange({ correlation: entry.correlationId, entry: undefined })}>
              Only this request or job
            </Button>
          </Group>
        </Part>
      )}
    </Stack>
  );
}
