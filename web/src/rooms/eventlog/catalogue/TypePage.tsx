import { Alert, Card, Code, Group, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconEyeOff } from '@tabler/icons-react';
import { showDate } from '../../../lib/dates';
import { printJson } from '../../../lib/json-places';
import { CodeBlock } from '../../../ui/CodeBlock';
import { LinkButton, TextLink } from '../../../ui/LinkButton';
import { Page, Section } from '../../../ui/Page';
import type { LogType } from '../queries';
import { labelOf, sentenceOf } from '../words';
import { TypeMarks } from './TypeMarks';
import { fieldsOf } from './fields';

function Fields({ type }: { type: LogType }) {
  const fields = fieldsOf(type.payloadSchema);
  if (fields.length === 0) return <Text size="sm">Nothing besides who did it, when, and to what.</Text>;
  return (
    <Card padding={0}>
      <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Fields' } }}>
        <Table aria-label="Fields">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>Holds</Table.Th>
              <Table.Th>Always there</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map(({ name, type: holds, required, about }) => (
              <Table.Tr key={name} style={{ verticalAlign: 'top' }}>
                <Table.Th scope="row" fw={500}>
                  <Code>{name}</Code>
                </Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  {holds}
                  {about !== '' && <Text size="xs" c="dimmed">{about}</Text>}
                </Table.Td>
                <Table.Td>{required ? 'yes' : 'no'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}

function Versions({ type }: { type: LogType }) {
  return (
    <Section title="Versions" note="Inside a version fields are only ever added. What breaks a receiver makes a new version.">
      <Stack gap={4} component="ul" m={0} pl="md">
        {type.versions.map(({ version, since, deprecated, sunset }) => (
          <Text key={version} size="sm" component="li">
            Version {version}, since release {since}
            {deprecated !== null && `; deprecated since ${deprecated}`}
            {sunset !== null && `; written until ${showDate(sunset)}`}
          </Text>
        ))}
      </Stack>
    </Section>
  );
}

/** One type of event: what it means, its fields, an example, its schema. */
export function TypePage({ type }: { type: LogType }) {
  return (
    <Page
      title={type.name} subtitle={sentenceOf(type.title)} badge={<Group gap={6}><TypeMarks type={type} /></Group>}
      crumbs={[<TextLink key="all" to="/event-types" size="sm">Event catalogue</TextLink>]}
      actions={<LinkButton to="/log" search={{ type: [type.name] }} variant="default">Find them in the log</LinkButton>}
    >
      {type.deprecated !== null && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="Do not build on this type any more">
          It is deprecated since {type.deprecated}{type.sunset === null ? ', and will end one day.' : ` and written until ${showDate(type.sunset)}.`}
        </Alert>
      )}
      {type.sensitivity === 'embargoed' && (
        <Alert icon={<IconEyeOff aria-hidden />} title="Its content is never sent">
          Marks, deductions and decisions on ties are under embargo: receivers and the log are told that it happened and to what, never what it says.
        </Alert>
      )}
      {sentenceOf(type.description) !== sentenceOf(type.title) || type.description.length > type.title.length + 1 ? <Text size="sm" maw={720}>{type.description.replaceAll('``', '')}</Text> : null}
      <Section title="What it says" note={`It happens to: ${labelOf(type.entityType).toLowerCase()}`}>
        <Fields type={type} />
      </Section>
      <Section title="Example" note="The payload of one such event. Names and ids are made up.">
        <CodeBlock label="example as JSON" text={printJson(type.sample, '', 80)} />
      </Section>
      <Versions type={type} />
      <Section title="JSON Schema" note="What every payload of this version is checked against before it is written.">
        <Stack gap={0} component="details">
          <Text component="summary" size="sm" py={4} style={{ cursor: 'pointer' }}>Show the schema</Text>
          <CodeBlock label="schema as JSON" text={printJson(type.payloadSchema, '', 80)} />
        </Stack>
      </Section>
    </Page>
  );
}
