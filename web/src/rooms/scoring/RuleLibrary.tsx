import { Badge, Card, Code, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { printJson } from '../../lib/json-places';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { Page, Section } from '../../ui/Page';
import type { RuleSet, RuleSetSummary } from './queries';

export const markKinds: Readonly<Record<string, string>> = {
  score: 'Scores', rank: 'Places', recall: 'Recalls', points: 'Points', ballot: 'Ballots', comparison: 'Comparisons',
};

export function RuleBadges({ rules }: { rules: RuleSetSummary }) {
  return (
    <Group gap={6} justify="flex-end" style={{ flexShrink: 0 }}>
      <Badge color="gray">{markKinds[rules.markKind] ?? rules.markKind}</Badge>
      {rules.origin === 'own' && <Badge>Your own</Badge>}
    </Group>
  );
}

/** What a rule set reads, in words: mark, part, criterion, facts of entries. */
export function Reads({ reads }: { reads: Readonly<Record<string, string>> }) {
  return (
    <Stack gap={4} component="dl" m={0}>
      {Object.entries(reads).map(([name, words]) => (
        <Group key={name} gap="xs" wrap="nowrap" align="flex-start">
          <Text component="dt" size="sm" fw={600} miw={110}>
            {name}
          </Text>
          <Text component="dd" size="sm" m={0}>
            {words}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

/** Every rule set there is to choose from, with the source of its words. */
export function RuleLibrary({ rules, mayEdit }: { rules: readonly RuleSetSummary[]; mayEdit: boolean }) {
  const [wanted, setWanted] = useState('');
  const fits = (each: RuleSetSummary) => `${each.name} ${each.title} ${each.source}`.toLowerCase().includes(wanted.trim().toLowerCase());
  return (
    <Page title="Rule library" subtitle="How marks become places. Every rule set names its source and is checked against worked examples." actions={mayEdit && <LinkButton to="/rules/new">New rule set</LinkButton>}>
      <TextInput w={{ base: '100%', xs: 320 }} label="Search" leftSection={<IconSearch size={16} aria-hidden />} onChange={(event) => setWanted(event.currentTarget.value)} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {rules.filter(fits).map((each) => (
          <Card key={`${each.origin} ${each.name}`} component="article">
            <Stack gap="xs" h="100%">
              <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
                <Title order={2} size="h3">
                  <TextLink to="/rules/$name" params={{ name: each.name }} inherit>
                    {each.title}
                  </TextLink>
                </Title>
                <RuleBadges rules={each} />
              </Group>
              <Text size="sm">
                <Code>{each.name}</Code> version {each.version}
              </Text>
              <Text size="sm" c="dimmed">
                {each.source}
              </Text>
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
    </Page>
  );
}

export function RuleSetPage({ rules, mayEdit }: { rules: RuleSet; mayEdit: boolean }) {
  return (
    <Page
      title={rules.title} badge={<RuleBadges rules={rules} />} subtitle={`${rules.name}, version ${rules.version}`}
      crumbs={[<TextLink key="rules" to="/rules" size="sm">Rule library</TextLink>]}
      actions={
        mayEdit && (
          <>
            <LinkButton to="/rules/new" search={{ from: rules.name }} variant="default">Begin an own one from it</LinkButton>
            {rules.origin === 'own' && <LinkButton to="/rules/$name/edit" params={{ name: rules.name }}>Edit</LinkButton>}
          </>
        )
      }
    >
      <Section title="Source">
        <Text size="sm">{rules.source}</Text>
      </Section>
      <Section title="What it reads">
        <Card>
          <Reads reads={rules.reads} />
        </Card>
      </Section>
      <Section title="The rules as data" note="This document is copied into a category and frozen at its first mark.">
        <Code block tabIndex={0}>
          {printJson(rules.document)}
        </Code>
      </Section>
    </Page>
  );
}
