import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { MySeatsPage } from '../../rooms/contests/MySeatsPage';
import { mySeatsQuery } from '../../rooms/contests/panel-queries';

export const Route = createFileRoute('/_app/judging/')({
  loader: ({ context }) => context.queryClient.ensureQueryData(mySeatsQuery),
  component: Judging,
});

function Judging() {
  return <MySeatsPage seats={useSuspenseQuery(mySeatsQuery).data.items} />;
}
