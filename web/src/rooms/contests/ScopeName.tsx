import { useQuery } from '@tanstack/react-query';
import type { Scope } from './ScopePicker';
import { categoryQuery, contestQuery, eventQuery } from './queries';

const EventName = ({ id }: { id: string }) => useQuery({ ...eventQuery(id), retry: false }).data?.name ?? '…';
const ContestName = ({ id }: { id: string }) => useQuery({ ...contestQuery(id), retry: false }).data?.name ?? '…';
const CategoryName = ({ id }: { id: string }) => useQuery({ ...categoryQuery(id), retry: false }).data?.name ?? '…';

/** What an event, a contest or a category is called. */
export function ScopeName({ kind, id }: Scope) {
  if (kind === 'event') return <EventName id={id} />;
  return kind === 'contest' ? <ContestName id={id} /> : <CategoryName id={id} />;
}
