import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLive, type LiveState } from '../../lib/live';
import { liveAddress } from './asking';
import { logQuery, type LogEntry, type LogPage } from './queries';
import type { LogSearch } from './search';

/** More than this is no list to read from the top any more; the rest is loaded as older entries are. */
export const MOST_HELD = 200;

type Log = InfiniteData<LogPage, string | null>;

/** The log with entries put on top that it does not have yet; `fresh` is newest first. */
export function withFresh(log: Log, fresh: readonly LogEntry[]): Log {
  const [first, ...older] = log.pages;
  if (first === undefined) return log;
  const known = new Set(first.items.map(({ id }) => id));
  const added = fresh.filter(({ id }) => !known.has(id));
  return { ...log, pages: [{ ...first, items: [...added, ...first.items], total: first.total + added.length }, ...older] };
}

export type Tail = Readonly<{ state: LiveState; held: readonly LogEntry[]; heard: number; show: () => void }>;

/**
 * Entries that arrive while one looks on. They are put on top of the list at once, or held while `paused` until `show`
 * is called. After a break of the connection the list is read anew.
 */
export function useTail(search: LogSearch, on: boolean, paused: boolean): Tail {
  const client = useQueryClient();
  const [held, setHeld] = useState<readonly LogEntry[]>([]);
  const [heard, setHeard] = useState(0);
  const { queryKey } = logQuery(search);
  const put = (fresh: readonly LogEntry[]) => client.setQueryData<Log>(queryKey, (log) => log && withFresh(log, fresh));
  const hear = (data: string | null) => {
    if (data === null) return void client.invalidateQueries({ queryKey });
    const entry: LogEntry = JSON.parse(data);
    setHeard((before) => before + 1);
    if (paused) return setHeld((before) => [entry, ...before].slice(0, MOST_HELD));
    put([entry]);
    // What is being read just now was asked for before this entry was there, and would take it away again.
    if (client.isFetching({ queryKey, exact: true }) > 0) void client.invalidateQueries({ queryKey });
  };
  const state = useLive(on ? liveAddress(search) : null, ['entry'], hear);
  // Between the list's reading and the first word of the stream something may have been written.
  const open = state === 'live';
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    if (open) void client.invalidateQueries({ predicate: (query) => JSON.stringify(query.queryKey) === key });
  }, [open, client, key]);
  const show = () => {
    // What was held beyond the bound is read again with everything else.
    if (held.length >= MOST_HELD) void client.invalidateQueries({ queryKey });
    else put(held);
    setHeld([]);
  };
  return { state, held, heard, show };
}
