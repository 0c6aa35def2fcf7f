import { Alert, Button, Card, Code, Group, Select, Stack, Text } from '@mantine/core';
import { IconSnowflake } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../../api/problem';
import { showDateTime } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { TextLink } from '../../ui/LinkButton';
import { notifyDone } from '../../ui/notify';
import { Section } from '../../ui/Page';
import { RowsLoading } from '../../ui/states';
import { Reads, RuleBadges } from './RuleLibrary';
import type { CategoryRules } from './queries';
import { categoryRulesQuery, readinessQuery, ruleSetsQuery, useChooseRules } from './rule-queries';

function Chosen({ rules }: { rules: CategoryRules }) {
  return (
    <Card>
      <Stack gap={6}>
        <Text fw={650}>{rules.title}</Text>
        <Text size="sm">
          <Code>{rules.name}</Code> version {rules.version}
        </Text>
        <Text size="sm" c="dimmed">
          {rules.source}
        </Text>
        {rules.frozenAt !== null && rules.frozenAt !== undefined && (
          <Alert color="blue" icon={<IconSnowflake aria-hidden />} title="Frozen">
            Marks have been given under these rules since {showDateTime(rules.frozenAt)}. Clone the category to judge it by others.
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

/** Which rule set turns this category's marks into places, and the choice of another one until the first mark. */
export function CategoryRulesPanel({ categoryId, mayEdit }: { categoryId: string; mayEdit: boolean }) {
  const chosen = useQuery(categoryRulesQuery(categoryId));
  const library = useQuery(ruleSetsQuery);
  const choose = useChooseRules(categoryId);
  const [wanted, setWanted] = useState<string | null>(null);
  const readiness = useQuery(readinessQuery(categoryId));
  const none = chosen.data === null || (chosen.error instanceof Problem && chosen.error.code === 'no-rules');
  const misfits = none ? [] : (readiness.data?.missing.filter(({ pointer }) => pointer === '/rules') ?? []);
  const sets = library.data?.items ?? [];
  const preview = sets.find((each) => each.name === wanted);
  const frozen = typeof chosen.data?.frozenAt === 'string';
  if (chosen.isPending || library.isPending) return <RowsLoading />;
  return (
    <Stack gap="xl">
      <Section title="Rule set in force">
        {chosen.data !== undefined && chosen.data !== null && <Chosen rules={chosen.data} />}
        {none && (
          <Alert color="orange" title="No rule set yet">
            Choose one below: without it nobody can open judging here.
          </Alert>
        )}
        {misfits.length > 0 && (
          <Alert color="orange" title="These rules do not fit the criteria">
            {misfits.map(({ mend }) => (
              <Text key={mend} size="sm">
                {mend}
              </Text>
            ))}
          </Alert>
        )}
        {!none && <ErrorNote error={chosen.error} />}
      </Section>
      {mayEdit && !frozen && (
        <Section title={none ? 'Choose a rule set' : 'Choose another one'} note="Possible until the first mark is given. A copy is kept with the category, so a later change of the library alters nothing here.">
          <Card>
            <Stack>
              <Select
                label="Rule set" searchable placeholder="Search by name" data={sets.map((each) => ({ value: each.name, label: `${each.title} (${each.name})` }))}
                value={wanted} onChange={setWanted} nothingFoundMessage="No rule set of this name"
              />
              {preview !== undefined && (
                <Stack gap="xs">
                  <RuleBadges rules={preview} />
                  <Text size="sm">{preview.source}</Text>
                  <Reads reads={preview.reads} />
                </Stack>
              )}
              <ErrorNote error={choose.error} />
              <Group>
                <Button
                  disabled={wanted === null} loading={choose.isPending}
                  onClick={() => wanted !== null && choose.mutate(wanted, { onSuccess: (rules) => { setWanted(null); notifyDone(`${rules.title} is in force.`); } })}
                >
                  Use this rule set
                </Button>
                <TextLink to="/rules" size="sm">
                  Read the whole library
                </TextLink>
              </Group>
            </Stack>
          </Card>
        </Section>
      )}
    </Stack>
  );
}
