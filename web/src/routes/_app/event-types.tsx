import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { NoLog } from '../../rooms/eventlog/LogPage';
import { CataloguePage } from '../../rooms/eventlog/catalogue/CataloguePage';
import { TypePage } from '../../rooms/eventlog/catalogue/TypePage';
import { logTypesQuery } from '../../rooms/eventlog/queries';
import { may, meQuery } from '../../rooms/identity/queries';

// The type is no part of the path: a path with a dot in it is one of a file.
export const Route = createFileRoute('/_app/event-types')({
  validateSearch: (search): { type?: string } => (typeof search['type'] === 'string' ? { type: search['type'] } : {}),
  component: Catalogue,
});

function Catalogue() {
  return may(useSuspenseQuery(meQuery).data, 'log:read') ? <Readable /> : <NoLog />;
}

function Readable() {
  const { type: name } = Route.useSearch();
  const { data: types } = useSuspenseQuery(logTypesQuery);
  const type = types.find((each) => each.name === name);
  return type === undefined ? <CataloguePage types={types} {...(name === undefined ? {} : { wanted: name })} /> : <TypePage type={type} />;
}
