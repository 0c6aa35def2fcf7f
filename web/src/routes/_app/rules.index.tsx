import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { may, meQuery } from '../../rooms/identity/queries';
import { RuleLibrary } from '../../rooms/scoring/RuleLibrary';
import { ruleSetsQuery } from '../../rooms/scoring/rule-queries';

export const Route = createFileRoute('/_app/rules/')({
  loader: ({ context }) => context.queryClient.ensureQueryData(ruleSetsQuery),
  component: Rules,
});

function Rules() {
  const { data: me } = useSuspenseQuery(meQuery);
  return <RuleLibrary rules={useSuspenseQuery(ruleSetsQuery).data.items} mayEdit={may(me, 'rules:edit')} />;
}
