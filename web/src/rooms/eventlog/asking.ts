import { basePath } from '../../lib/base';
import { compact, type LogSearch } from './search';

/** The search with some of it changed; an empty value takes that filter away. */
export const changed = (search: LogSearch, change: LogSearch): LogSearch => compact({ ...search, ...change });

/** The filters alone, without the entry that is open. */
export const filtersOf = (search: LogSearch): LogSearch => changed(search, { entry: undefined });

/** The filters under the names that the API gives them. */
export const queryOf = ({ type, q, actor, entity, correlation, from, to }: LogSearch) => ({
  eventType: type === undefined ? undefined : [...type],
  q, actor, entityId: entity, correlationId: correlation, from, to,
});

const pairsOf = (search: LogSearch): string[][] =>
  Object.entries(queryOf(search)).flatMap(([name, value]) => [value ?? []].flat().map((each) => [name, each]));

/** Address of the file with everything that fits. */
export const exportAddress = (search: LogSearch, format: 'csv' | 'ndjson'): string =>
  `${basePath}/api/events/logs/export?${new URLSearchParams([['format', format], ...pairsOf(search)])}`;

/** Address of the stream of new entries that fit; a time to end at makes no sense for what is still to come. */
export const liveAddress = (search: LogSearch): string => `${basePath}/api/events/logs/live?${new URLSearchParams(pairsOf({ ...search, to: undefined }))}`;

/** A time as the field for local times wants it, to the minute; '' for none. */
export function localOf(iso: string | undefined): string {
  if (iso === undefined) return '';
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What that field holds as a time of the world; undefined while it holds none. */
export const isoOf = (local: string): string | undefined =>
  Number.isNaN(Date.parse(local)) ? undefined : new Date(local).toISOString();
