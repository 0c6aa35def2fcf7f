import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { RuleSetPage } from '../../rooms/scoring/RuleLibrary';
import { ruleSetQuery } from '../../rooms/scoring/queries';

export const Route = createFileRoute('/_app/rules/$name')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(ruleSetQuery(params.name)),
  component: Rules,
});

function Rules() {
  return <RuleSetPage rules={useSuspenseQuery(ruleSetQuery(Route.useParams().name)).data} />;
}
