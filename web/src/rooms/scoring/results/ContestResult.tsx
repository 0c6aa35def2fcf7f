import { Button, Card, Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrophy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Problem } from '../../../api/problem';
import type { components } from '../../../api/schema';
import { ErrorNote } from '../../../ui/ErrorView';
import { Section } from '../../../ui/Page';
import { notifyDone } from '../../../ui/notify';
import { EmptyState, RowsLoading } from '../../../ui/states';
import { contestResultQuery } from '../result-queries';
import { contestRulesQuery, useChooseContestRules } from '../rule-queries';
import { ResultPanel } from './ResultPanel';

type Method = components['schemas']['ContestRulesIn']['method'];
type Rules = components['schemas']['ContestRulesView'];

const methods: ReadonlyArray<{ value: NonNullable<Method>; label: string }> = [
  { value: 'weighted-sum', label: 'Sum of the category totals, each times its weight' },
  { value: 'rank-sum', label: 'Sum of the places; the lowest wins' },
  { value: 'best-n', label: 'Sum of the best totals' },
];

function RulesForm({ contestId, rules }: { contestId: string; rules: Rules }) {
  const choose = useChooseContestRules(contestId);
  const form = useForm({ initialValues: { method: rules.method ?? 'weighted-sum', best: rules.best ?? 3 } });
  return (
    <Card>
      <form
        onSubmit={form.onSubmit(({ method, best }) => choose.mutate({ method, best: method === 'best-n' ? best : null }, { onSuccess: () => notifyDone('Saved.') }))}
        noValidate
      >
        <Stack>
          <Select label="Contest total" data={[...methods]} {...form.getInputProps('method')} />
          {form.values.method === 'best-n' && <NumberInput label="How many totals count" min={1} max={100} {...form.getInputProps('best')} />}
          <ErrorNote error={choose.error} />
          <Group>
            <Button type="submit" variant="default" loading={choose.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** How the categories of a contest make one result, and that result. */
export function ContestResult({ contestId, mayEdit, waitsFor }: { contestId: string; mayEdit: boolean; waitsFor: readonly string[] | null }) {
  // Asking before every category is judged would only be refused.
  const none = waitsFor === null;
  const early = waitsFor !== null && waitsFor.length > 0;
  const shown = !none && !early;
  const rules = useQuery({ ...contestRulesQuery(contestId), enabled: !none });
  const result = useQuery({ ...contestResultQuery(contestId), enabled: shown });
  const notYet = result.error instanceof Problem && result.error.status === 409;
  return (
    <Stack gap="xl">
      <Section title="Contest result">
        {(none || early) && (
          <Card>
            <EmptyState icon={<IconTrophy size={24} />} title={none ? 'No categories yet' : 'No result yet'}>
              {none ? 'A contest has a result over its categories: add one first.' : `Waits for ${(waitsFor ?? []).join(', ')}: not judged yet.`}
            </EmptyState>
          </Card>
        )}
        {shown && result.isPending && <RowsLoading />}
        {shown && notYet && (
          <Card>
            <EmptyState icon={<IconTrophy size={24} />} title="No result yet">
              {result.error?.message}
            </EmptyState>
          </Card>
        )}
        {shown && !notYet && <ErrorNote error={result.error} />}
        {shown && result.isSuccess && <ResultPanel result={result.data} categoryId={null} mayDecide={false} mayReadMarks={false} />}
      </Section>
      {rules.isSuccess && (
        <Section title="How categories are combined">
          {mayEdit ? <RulesForm contestId={contestId} rules={rules.data} /> : <Text size="sm">{methods.find(({ value }) => value === rules.data.method)?.label}</Text>}
        </Section>
      )}
    </Stack>
  );
}
