import { Badge, Card, Group, List, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, useId, useState } from 'react';
import type { ResultLine } from '../queries';
import { MarkHistory } from '../history/MarkHistory';
import { stepsOf } from './parts';
import classes from './ResultLines.module.css';

const states: Readonly<Record<string, string>> = {
  scratched: 'Scratched', withdrawn: 'Withdrawn', dns: 'Did not start', dnf: 'Did not finish', dq: 'Disqualified',
};

function Place({ place }: { place: string }) {
  const medal = { 1: 'gold', 2: 'silver', 3: 'bronze' }[place];
  return (
    <span className={`${classes['place']} ${medal === undefined ? '' : (classes[medal] ?? '')} number`}>{place === '' ? '–' : place}</span>
  );
}

function Breakdown({ line, marksOf }: { line: ResultLine; marksOf: string | null }) {
  const steps = stepsOf(line.parts);
  return (
    <Stack gap="md" p="md">
      <div>
        <Title order={3} size="h4" mb={4}>
          Why this place
        </Title>
        <List size="sm" spacing={4} type="ordered">
          {line.explanation.map((words) => (
            <List.Item key={words}>{words}</List.Item>
          ))}
        </List>
      </div>
      {steps.length > 0 && (
        <div>
          <Title order={3} size="h4" mb={4}>
            The numbers
          </Title>
          <Stack gap="xs">
            {steps.map((step) => (
              <Group key={step.name} gap="xs" align="center">
                <Text size="sm" c="dimmed" miw={150}>
                  {step.name}
                </Text>
                {step.cells.map(([name, value]) => (
                  <span key={name} className={classes['cell']}>
                    <span>{name}</span> <strong className="number">{value}</strong>
                  </span>
                ))}
              </Group>
            ))}
          </Stack>
        </div>
      )}
      {marksOf !== null && line.entryId && <MarkHistory categoryId={marksOf} entry={{ id: line.entryId, name: `${line.entry} ${line.name}` }} own={false} />}
    </Stack>
  );
}

function Line({ line, marksOf }: { line: ResultLine; marksOf: string | null }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Td w={72}>
          <Place place={line.place} />
        </Table.Td>
        <Table.Td>
          <Group gap="sm" wrap="nowrap">
            <Text fw={650} className="number">
              {line.entry}
            </Text>
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={500}>
                {line.name}
              </Text>
              <Group gap={6}>
                {line.award !== '' && <Badge color="yellow">{line.award}</Badge>}
                {line.advanced === true && <Badge color="teal">Advances</Badge>}
                {line.state !== 'entered' && <Badge color="gray">{states[line.state] ?? line.state}</Badge>}
              </Group>
            </div>
          </Group>
        </Table.Td>
        <Table.Td ta="right" className="number" fw={600}>
          {line.total}
        </Table.Td>
        <Table.Td w={96} ta="right">
          <UnstyledButton className={classes['why']} onClick={() => setOpen(!open)} aria-expanded={open} aria-controls={id} aria-label={`Why: ${line.entry} ${line.name}`}>
            <Chevron size={16} aria-hidden /> Why
          </UnstyledButton>
        </Table.Td>
      </Table.Tr>
      <Table.Tr id={id} hidden={!open} className={classes['more'] ?? ''}>
        <Table.Td colSpan={4} p={0}>
          {open && <Breakdown line={line} marksOf={marksOf} />}
        </Table.Td>
      </Table.Tr>
    </Fragment>
  );
}

/** Places with totals; each opens to its explanation, and to its marks where `marksOf` names the category. */
export function ResultLines({ lines, marksOf }: { lines: readonly ResultLine[]; marksOf: string | null }) {
  return (
    <Card padding={0}>
      <Table verticalSpacing="sm" horizontalSpacing="md" className={classes['lines'] ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Place</Table.Th>
            <Table.Th>Entry</Table.Th>
            <Table.Th ta="right">Total</Table.Th>
            <Table.Th ta="right">Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Line key={line.entry} line={line} marksOf={marksOf} />
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
