import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { may, meQuery } from '../../rooms/identity/queries';
import { RuleSetPage } from '../../rooms/scoring/RuleLibrary';
import { ruleSetQuery } from '../../rooms/scoring/rule-queries';

export const Route = createFileRoute('/_app/rules/$name')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(ruleSetQuery(params.name)),
  component: Rules,
});

function Rules() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <RuleSetPage rules={useSuspenseQuery(ruleSetQuery(Route.useParams().name)).data} mayEdit={may(me, 'rules:edit')} />;
}
