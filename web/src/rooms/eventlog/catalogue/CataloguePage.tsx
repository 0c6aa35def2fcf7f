import { Badge, Card, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconBook2, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { count } from '../../../lib/count';
import { Page, Section } from '../../../ui/Page';
import { LinkButton, TextLink } from '../../../ui/LinkButton';
import { EmptyState } from '../../../ui/states';
import type { LogType } from '../queries';
import { areaName, areaOf, sentenceOf } from '../words';
import { TypeMarks } from './TypeMarks';

const fits = (type: LogType, words: string) =>
  words.toLowerCase().split(/\s+/).every((word) => `${type.name} ${type.title} ${areaName(areaOf(type.name))}`.toLowerCase().includes(word));

function Row({ type }: { type: LogType }) {
  return (
    <Card padding="sm" component="li">
      <Group justify="space-between" gap="xs" align="baseline">
        <TextLink to="/event-types" search={{ type: type.name }} size="sm" fw={600} py={3} style={{ display: 'inline-block', overflowWrap: 'anywhere' }}>
          {sentenceOf(type.title)}
        </TextLink>
        <Group gap={6}>
          <TypeMarks type={type} />
        </Group>
      </Group>
      <Code>{type.name}</Code>
    </Card>
  );
}

type Props = { types: readonly LogType[]; /** A name that the address asks for and that is no type; it is searched instead. */ wanted?: string };

/** Every type of event that the product can tell of, by area. */
export function CataloguePage({ types, wanted = '' }: Props) {
  const [typed, setTyped] = useState(wanted);
  const found = types.filter((type) => fits(type, typed.trim()));
  const areas = [...new Set(found.map(({ name }) => areaOf(name)))].toSorted((a, b) => areaName(a).localeCompare(areaName(b)));
  return (
    <Page
      title="Event catalogue" subtitle="What can happen, what each event says, and an example of it: for whoever connects a program."
      actions={<LinkButton to="/log" variant="default">What has happened</LinkButton>}
    >
      <Group align="flex-end" justify="space-between">
        <TextInput w={{ base: '100%', xs: 320 }} label="Search by name or meaning" value={typed} leftSection={<IconSearch size={16} aria-hidden />} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Text size="sm" c="dimmed" role="status">
          {count(found.length, 'type')} of {types.length}
        </Text>
      </Group>
      {found.length === 0 && <EmptyState icon={<IconBook2 aria-hidden />} title="No type says this">Try a part of a word, such as “categ” or “judg”.</EmptyState>}
      {areas.map((area) => {
        const here = found.filter(({ name }) => areaOf(name) === area);
        return (
          <Section key={area} title={areaName(area)} note={<Group gap={6}><Badge color="gray">{here.length}</Badge><Text size="sm" c="dimmed">all of them: <Code>{area}.*</Code></Text></Group>}>
            <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label={areaName(area)}>
              {here.map((type) => (
                <Row key={`${type.name} ${type.version}`} type={type} />
              ))}
            </Stack>
          </Section>
        );
      })}
    </Page>
  );
}
