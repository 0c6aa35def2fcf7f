import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { RuleEditor } from '../../rooms/scoring/editor/RuleEditor';
import { ruleSetQuery } from '../../rooms/scoring/rule-queries';

export const Route = createFileRoute('/_app/rules/$name_/edit')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(ruleSetQuery(params.name)),
  component: Edit,
});

function Edit() {
  const { data: rules } = useSuspenseQuery(ruleSetQuery(Route.useParams().name));
  const navigate = Route.useNavigate();
  return <RuleEditor key={rules.version} rules={rules} asNew={rules.origin === 'library'} onSaved={(name) => void navigate({ to: '/rules/$name', params: { name } })} />;
}
