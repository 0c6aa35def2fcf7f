import { queryOptions } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import { PAGE_LIMIT, everyPage } from '../../api/pages';
import type { components } from '../../api/schema';
import { useWrite } from './changes';

type Schemas = components['schemas'];
export type Entry = Schemas['EntryView'];
export type RosterEntry = Schemas['RosterEntry'];
export type RunningOrder = Schemas['RunningOrder'];

const contest = (contestId: string) => ({ params: { path: { contestId } } });
const category = (categoryId: string) => ({ params: { path: { categoryId } } });
const entry = (entryId: string) => ({ params: { path: { entryId } } });

export const entriesQuery = (contestId: string) =>
  queryOptions({
    queryKey: ['contests', 'entries', contestId],
    queryFn: () =>
      everyPage((cursor) => take(api.GET('/api/contests/{contestId}/entries', { params: { path: { contestId }, query: { cursor, limit: PAGE_LIMIT } } }))),
  });

export const rosterQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'roster', categoryId],
    queryFn: () => take(api.GET('/api/contests/categories/{categoryId}/entries', category(categoryId))),
  });

export const useEnter = (contestId: string) =>
  useWrite((body: Schemas['EntryCreate']) => take(api.POST('/api/contests/{contestId}/entries', { ...contest(contestId), body })));

/** Number of the entry, and who the participant is; only what differs is sent. */
export const useUpdateEntry = (before: Entry) =>
  useWrite(async (facts: Pick<Entry, 'name' | 'kind' | 'club' | 'country' | 'number'>) => {
    const { number, ...person } = facts;
    const changed = (['name', 'kind', 'club', 'country'] as const).some((field) => person[field] !== before[field]);
    if (changed) await api.PATCH('/api/contests/participants/{participantId}', { params: { path: { participantId: before.participantId } }, body: person });
    if (number !== before.number) {
      await api.PATCH('/api/contests/entries/{entryId}', { ...entry(before.id), headers: { 'If-Match': `"${before.version}"` }, body: { number } });
    }
  });

export const useSetEntryState = (entryId: string) =>
  useWrite((body: Schemas['EntryStateChange']) => take(api.POST('/api/contests/entries/{entryId}/state', { ...entry(entryId), body })));

export const useCheckIn = () =>
  useWrite(({ id, checkedIn }: { id: string; checkedIn: boolean }) =>
    take(api.POST('/api/contests/entries/{entryId}/check-in', { ...entry(id), body: { checkedIn } })),
  );

export const useOrderContest = (contestId: string) =>
  useWrite((body: RunningOrder) => take(api.PUT('/api/contests/{contestId}/running-order', { ...contest(contestId), body })));

export const useOrderCategory = (categoryId: string) =>
  useWrite((body: RunningOrder) => take(api.PUT('/api/contests/categories/{categoryId}/running-order', { ...category(categoryId), body })));

export const useRenumber = (contestId: string) =>
  useWrite((start: number) => take(api.POST('/api/contests/{contestId}/renumber', { ...contest(contestId), body: { start } })));

export const useSetRoster = (categoryId: string) =>
  useWrite((entryIds: string[]) => take(api.PUT('/api/contests/categories/{categoryId}/entries', { ...category(categoryId), body: { entryIds } })));

export const useSetRosterState = (categoryId: string, entryId: string) =>
  useWrite((body: Schemas['RosterStateChange']) =>
    done(api.POST('/api/contests/categories/{categoryId}/entries/{entryId}/state', { params: { path: { categoryId, entryId } }, body })),
  );
