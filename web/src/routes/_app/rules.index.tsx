import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { RuleLibrary } from '../../rooms/scoring/RuleLibrary';
import { ruleSetsQuery } from '../../rooms/scoring/queries';

export const Route = createFileRoute('/_app/rules/')({
  loader: ({ context }) => context.queryClient.ensureQueryData(ruleSetsQuery),
  component: Rules,
});

function Rules() {
  return <RuleLibrary rules={useSuspenseQuery(ruleSetsQuery).data.items} />;
}
