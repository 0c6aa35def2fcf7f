import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { LogPage, NoLog } from '../../rooms/eventlog/LogPage';
import { logTypesQuery } from '../../rooms/eventlog/queries';
import { readSearch } from '../../rooms/eventlog/search';
import { may, meQuery } from '../../rooms/identity/queries';

export const Route = createFileRoute('/_app/log')({
  validateSearch: readSearch,
  component: Log,
});

function Log() {
  return may(useSuspenseQuery(meQuery).data, 'log:read') ? <Readable /> : <NoLog />;
}

function Readable() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data: types } = useSuspenseQuery(logTypesQuery);
  return <LogPage types={types} search={search} onSearch={(next) => void navigate({ search: next, resetScroll: false })} />;
}
