import { Button, Card, Grid, Group, Stack, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { ErrorNote } from '../../../ui/ErrorView';
import { Page, Section } from '../../../ui/Page';
import { LinkButton, TextLink } from '../../../ui/LinkButton';
import { notifyDone } from '../../../ui/notify';
import { RowsLoading } from '../../../ui/states';
import type { RuleSet } from '../queries';
import { GuideHelp } from './GuideHelp';
import { Verdict } from './Verdict';
import { readText, refusedIn, type Fault } from './faults';
import { checkQuery, ruleGuideQuery, useSaveRuleSet } from './queries';
import { startingText } from './starting';

/** The text's own faults, or else what the server says of it once typing rests. */
function useCheck(text: string) {
  const [rested] = useDebouncedValue(text, 500);
  const { document, faults } = useMemo(() => readText(rested), [rested]);
  const check = useQuery({ ...checkQuery(document ?? {}), ...(document === null ? { queryFn: skipToken } : {}) });
  const refused = useMemo(() => (document === null ? [] : refusedIn(rested, check.error)), [document, rested, check.error]);
  const current = rested === text;
  return { document, faults: document === null ? faults : refused, error: check.error, checking: !current || check.isPending, good: current && check.isSuccess };
}

function Help({ children }: { children: ReactNode }) {
  return (
    <Section title="What rules are made of">
      <Card>{children}</Card>
    </Section>
  );
}

type Props = {
  rules: RuleSet;
  /** Begins another rule set from these rules, instead of their next version. */
  asNew: boolean;
  onSaved: (name: string) => void;
};

/** An own rule set as text, checked while it is typed. */
export function RuleEditor({ rules, asNew, onSaved }: Props) {
  const [text, setText] = useState(() => startingText(rules, asNew));
  const area = useRef<HTMLTextAreaElement>(null);
  const guide = useQuery(ruleGuideQuery);
  const check = useCheck(text);
  const save = useSaveRuleSet();
  const show = ({ place }: Fault) => {
    area.current?.focus();
    area.current?.setSelectionRange(place.start, place.end);
  };
  const finish = ({ name, version }: RuleSet) => {
    notifyDone(`${name} is saved as version ${version}.`);
    onSaved(name);
  };
  return (
    <Page
      title={asNew ? 'New rule set' : `Edit ${rules.title}`}
      subtitle={asNew ? `Begun from ${rules.title}. Give it a name and a title of its own.` : 'Saved as the next version. Categories that have a version keep it.'}
      crumbs={[<TextLink key="rules" to="/rules" size="sm">Rule library</TextLink>, <TextLink key="from" to="/rules/$name" params={{ name: rules.name }} size="sm">{rules.title}</TextLink>]}
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Textarea
              ref={area} label="Rules" description="As JSON. What is wrong is said below while you type." autosize minRows={14} maxRows={22} spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-sm)' } }}
              value={text} onChange={(event) => setText(event.currentTarget.value)}
            />
            <Verdict faults={check.faults} checking={check.checking} error={check.error} onShow={show} />
            {save.error !== null && check.good && <ErrorNote error={save.error} />}
            <Group>
              <Button disabled={!check.good} loading={save.isPending} onClick={() => check.document !== null && save.mutate(check.document, { onSuccess: finish })}>
                {asNew ? 'Save the rule set' : 'Save as the next version'}
              </Button>
              <LinkButton to="/rules/$name" params={{ name: rules.name }} variant="default">
                Cancel
              </LinkButton>
            </Group>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Help>{guide.data === undefined ? guide.error === null ? <RowsLoading /> : <ErrorNote error={guide.error} /> : <GuideHelp guide={guide.data} />}</Help>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
