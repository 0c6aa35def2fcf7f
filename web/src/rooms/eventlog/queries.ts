import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { filtersOf, queryOf } from './asking';
import type { LogSearch } from './search';

type Schemas = components['schemas'];
export type LogEntry = Schemas['LogEntry'];
export type LogPage = Schemas['LogPage'];
export type LogEntryDetail = Schemas['LogEntryDetail'];
export type LogType = Schemas['LogType'];

export const logQuery = (search: LogSearch) =>
  infiniteQueryOptions({
    queryKey: ['event-log', filtersOf(search)],
    queryFn: ({ pageParam }) => take(api.GET('/api/events/logs', { params: { query: { ...queryOf(search), cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
  });

/** An entry never changes; its trace may still grow. */
export const logEntryQuery = (id: string) =>
  queryOptions({
    queryKey: ['event-log-entry', id],
    queryFn: () => take(api.GET('/api/events/logs/{logEntryId}', { params: { path: { logEntryId: id } } })),
  });

/** Every type that can stand in the log: it changes with the program only. */
export const logTypesQuery = queryOptions({
  queryKey: ['event-log-types'],
  queryFn: async () => (await take(api.GET('/api/events/types'))).items,
  staleTime: Infinity,
});
