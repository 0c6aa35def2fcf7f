import { Accordion, Code, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { Guide, KindGuide } from './queries';

function Kind({ kind }: { kind: KindGuide }) {
  return (
    <Accordion.Item value={kind.kind}>
      <Accordion.Control>
        <Code>{kind.kind}</Code>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
            {kind.about}
          </Text>
          {kind.options.map(({ name, takes, default: otherwise }) => (
            <Text key={name} size="sm" style={{ overflowWrap: 'anywhere' }}>
              <Code>{name}</Code> {takes}. {otherwise === '' ? 'Must be given.' : <>Left out: <Code>{otherwise}</Code></>}
            </Text>
          ))}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Kinds({ title, kinds }: { title: string; kinds: readonly KindGuide[] }) {
  if (kinds.length === 0) return null;
  return (
    <div>
      <Text fw={650} size="sm" component="h3" m={0}>
        {title}
      </Text>
      <Accordion multiple>
        {kinds.map((kind) => (
          <Kind key={kind.kind} kind={kind} />
        ))}
      </Accordion>
    </div>
  );
}

/** What a rule set can be made of, to read beside the text. */
export function GuideHelp({ guide }: { guide: Guide }) {
  const [wanted, setWanted] = useState('');
  const sought = wanted.trim().toLowerCase();
  const fits = (kinds: readonly KindGuide[]) => kinds.filter(({ kind, about }) => `${kind} ${about}`.toLowerCase().includes(sought));
  return (
    <Stack gap="sm">
      <TextInput label="Search the help" leftSection={<IconSearch size={16} aria-hidden />} onChange={(event) => setWanted(event.currentTarget.value)} />
      <Kinds title="Parts of the rules" kinds={fits(guide.parts)} />
      <Kinds title="Stages, from marks to places" kinds={fits(guide.stages)} />
      <Kinds title="Tie breakers" kinds={fits(guide.ties)} />
    </Stack>
  );
}
