import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import type { components } from '../../api/schema';
import type { Status } from './words';

type Schemas = components['schemas'];

/** Headers of a change to what was read at this version. */
const seen = (version: number) => ({ 'If-Match': `"${version}"` });

/**
 * A write of this room; all it may have changed is read anew, without waiting for it: whoever wrote hears of the
 * success first, while what asked for it is still on the page.
 */
export function useWrite<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => void client.invalidateQueries({ queryKey: ['contests'] }) });
}

export const useCreateEvent = () => useWrite((body: Schemas['EventCreate']) => take(api.POST('/api/contests/events', { body })));

export const useUpdateEvent = ({ id, version }: { id: string; version: number }) =>
  useWrite((body: Schemas['EventUpdate']) => take(api.PATCH('/api/contests/events/{eventId}', { params: { path: { eventId: id } }, headers: seen(version), body })));

export const useReorderEvents = () => useWrite((ids: string[]) => done(api.PUT('/api/contests/events/order', { body: { ids } })));

export const useCreateContest = (eventId: string) =>
  useWrite((body: Schemas['ContestCreate']) => take(api.POST('/api/contests/events/{eventId}/contests', { params: { path: { eventId } }, body })));

export const useUpdateContest = ({ id, version }: { id: string; version: number }) =>
  useWrite((body: Schemas['ContestUpdate']) => take(api.PATCH('/api/contests/{contestId}', { params: { path: { contestId: id } }, headers: seen(version), body })));

export const useReorderContests = (eventId: string) =>
  useWrite((ids: string[]) => done(api.PUT('/api/contests/events/{eventId}/contests/order', { params: { path: { eventId } }, body: { ids } })));

export const useCreateCategory = (contestId: string) =>
  useWrite((body: Schemas['CategoryCreate']) => take(api.POST('/api/contests/{contestId}/categories', { params: { path: { contestId } }, body })));

export const useUpdateCategory = ({ id, version }: { id: string; version: number }) =>
  useWrite((body: Schemas['CategoryUpdate']) => take(api.PATCH('/api/contests/categories/{categoryId}', { params: { path: { categoryId: id } }, headers: seen(version), body })));

export const useDeleteCategory = ({ id, version }: { id: string; version: number }) =>
  useWrite(() => done(api.DELETE('/api/contests/categories/{categoryId}', { params: { path: { categoryId: id } }, headers: seen(version) })));

export const useReorderCategories = (contestId: string) =>
  useWrite((ids: string[]) => done(api.PUT('/api/contests/{contestId}/categories/order', { params: { path: { contestId } }, body: { ids } })));

export const usePutCriteria = ({ id, version }: { id: string; version: number }) =>
  useWrite((criteria: Schemas['CriterionPut'][]) =>
    take(api.PUT('/api/contests/categories/{categoryId}/criteria', { params: { path: { categoryId: id } }, headers: seen(version), body: { criteria } })),
  );

export const useOpenJudging = (categoryId: string) =>
  useWrite(() => take(api.POST('/api/contests/categories/{categoryId}/open-judging', { params: { path: { categoryId } } })));

export const useReopen = (categoryId: string) =>
  useWrite((reason: string) => take(api.POST('/api/contests/categories/{categoryId}/reopen', { params: { path: { categoryId } }, body: { reason } })));

export type Level = 'event' | 'contest' | 'category';

export const useSetStatus = (level: 'event' | 'contest', id: string) =>
  useWrite((status: Status) =>
    done(
      level === 'event'
        ? api.POST('/api/contests/events/{eventId}/status', { params: { path: { eventId: id } }, body: { status } })
        : api.POST('/api/contests/{contestId}/status', { params: { path: { contestId: id } }, body: { status } }),
    ),
  );

/** Locks, or with `wanted` false unlocks, a level and all below it. */
export const useLock = (level: Level, id: string, wanted: boolean) =>
  useWrite((reason: string) => {
    const body = { reason };
    const [event, contest, category] = [{ params: { path: { eventId: id } }, body }, { params: { path: { contestId: id } }, body }, { params: { path: { categoryId: id } }, body }];
    if (level === 'event') return done(wanted ? api.POST('/api/contests/events/{eventId}/lock', event) : api.POST('/api/contests/events/{eventId}/unlock', event));
    if (level === 'contest') return done(wanted ? api.POST('/api/contests/{contestId}/lock', contest) : api.POST('/api/contests/{contestId}/unlock', contest));
    return done(wanted ? api.POST('/api/contests/categories/{categoryId}/lock', category) : api.POST('/api/contests/categories/{categoryId}/unlock', category));
  });
