import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { useWrite } from './changes';

type Schemas = components['schemas'];

export const useCloneEvent = (eventId: string) =>
  useWrite((body: Schemas['EventClone']) => take(api.POST('/api/contests/events/{eventId}/clone', { params: { path: { eventId } }, body })));

export const useCloneContest = (contestId: string) =>
  useWrite((body: Schemas['ContestClone']) => take(api.POST('/api/contests/{contestId}/clone', { params: { path: { contestId } }, body })));

export const useCloneCategory = (categoryId: string) =>
  useWrite((body: Schemas['CategoryClone']) => take(api.POST('/api/contests/categories/{categoryId}/clone', { params: { path: { categoryId } }, body })));
