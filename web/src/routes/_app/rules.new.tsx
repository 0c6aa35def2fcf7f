import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { RuleEditor } from '../../rooms/scoring/editor/RuleEditor';
import { ruleSetQuery } from '../../rooms/scoring/rule-queries';

/** What a rule set begins from unless the address says otherwise. */
const SIMPLEST = 'weighted-mean';

export const Route = createFileRoute('/_app/rules/new')({
  validateSearch: (search): { from?: string } => (typeof search['from'] === 'string' ? { from: search['from'] } : {}),
  loaderDeps: ({ search }) => ({ from: search.from ?? SIMPLEST }),
  loader: ({ context, deps }) => context.queryClient.ensureQueryData(ruleSetQuery(deps.from)),
  component: New,
});

function New() {
  const { from } = Route.useLoaderDeps();
  const { data: rules } = useSuspenseQuery(ruleSetQuery(from));
  const navigate = Route.useNavigate();
  return <RuleEditor key={from} asNew rules={rules} onSaved={(name) => void navigate({ to: '/rules/$name', params: { name } })} />;
}
