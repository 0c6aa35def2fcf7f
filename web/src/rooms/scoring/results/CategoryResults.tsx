import { Card, Stack } from '@mantine/core';
import { IconTrophy } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Problem } from '../../../api/problem';
import { basePath } from '../../../lib/base';
import { useLive } from '../../../lib/live';
import { ErrorNote } from '../../../ui/ErrorView';
import { LiveBadge } from '../../../ui/LiveBadge';
import { Section } from '../../../ui/Page';
import { EmptyState, RowsLoading } from '../../../ui/states';
import { progressQuery, resultQuery } from '../result-queries';
import { Deductions, type Named } from './Deductions';
import { ProgressBoard } from './ProgressBoard';
import { ResultPanel } from './ResultPanel';

/** Refusals that mean "not yet", not "wrong". */
const notYet = (error: unknown): error is Problem => error instanceof Problem && ['not-judged-yet', 'no-rules'].includes(error.code);

type Props = { categoryId: string; entries: readonly Named[]; parts: readonly string[]; mayDeduct: boolean; mayDecide: boolean; mayReadMarks: boolean };

/** Progress and result of a category, read anew whenever the server says that there is something new. */
export function CategoryResults({ categoryId, entries, parts, mayDeduct, mayDecide, mayReadMarks }: Props) {
  const client = useQueryClient();
  const progress = useQuery(progressQuery(categoryId));
  const live = useLive(`${basePath}/api/scoring/categories/${categoryId}/live`, ['changed'], () => {
    void client.invalidateQueries({ predicate: (query) => query.queryKey.includes(categoryId) });
  });
  const judging = progress.data?.state === 'judging';
  const early = progress.data !== undefined && ['draft', 'judging'].includes(progress.data.state);
  // Asking before judging is closed would only be refused.
  const result = useQuery({ ...resultQuery(categoryId), enabled: progress.isError || (progress.isSuccess && !early) });
  return (
    <Stack gap="xl">
      {progress.data !== undefined && (judging || progress.data.state === 'draft') && (
        <Section title="Who has marked" note="Counts only; marks and totals stay closed until judging is." actions={<LiveBadge state={live} />}>
          <ProgressBoard progress={progress.data} />
        </Section>
      )}
      <Section title="Result" actions={judging ? undefined : <LiveBadge state={live} />}>
        {early && (
          <Card>
            <EmptyState icon={<IconTrophy size={24} />} title="No result yet">
              Places and totals appear here as soon as judging is closed.
            </EmptyState>
          </Card>
        )}
        {!early && result.isPending && <RowsLoading />}
        {!early && result.isError && notYet(result.error) && (
          <Card>
            <EmptyState icon={<IconTrophy size={24} />} title="No result yet">
              {result.error.detail}
            </EmptyState>
          </Card>
        )}
        {!early && result.isError && !notYet(result.error) && <ErrorNote error={result.error} />}
        {!early && result.isSuccess && <ResultPanel result={result.data} categoryId={categoryId} mayDecide={mayDecide} mayReadMarks={mayReadMarks} />}
      </Section>
      <Deductions categoryId={categoryId} entries={entries} parts={parts} mayEdit={mayDeduct} />
    </Stack>
  );
}
