import { queryOptions } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import type { components } from '../../api/schema';
import { useWrite } from './changes';

type Schemas = components['schemas'];
export type Seat = Schemas['SeatView'];
export type MySeat = Schemas['MySeat'];
export type Recusal = Schemas['RecusalView'];

const category = (categoryId: string) => ({ params: { path: { categoryId } } });
const seat = (seatId: string) => ({ params: { path: { seatId } } });

export const mySeatsQuery = queryOptions({
  queryKey: ['contests', 'my-seats'],
  queryFn: () => take(api.GET('/api/contests/my-seats')),
  refetchInterval: 30_000,
});

export const panelQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'panel', categoryId],
    queryFn: () => take(api.GET('/api/contests/categories/{categoryId}/seats', category(categoryId))),
  });

export const recusalsQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'recusals', categoryId],
    queryFn: () => take(api.GET('/api/contests/categories/{categoryId}/recusals', category(categoryId))),
  });

export const hintsQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'hints', categoryId],
    queryFn: () => take(api.GET('/api/contests/categories/{categoryId}/conflict-hints', category(categoryId))),
  });

export const useAddSeat = (categoryId: string) =>
  useWrite((body: Schemas['SeatCreate']) => take(api.POST('/api/contests/categories/{categoryId}/seats', { ...category(categoryId), body })));

export const useUpdateSeat = (seatId: string) =>
  useWrite((body: Schemas['SeatUpdate']) => take(api.PATCH('/api/contests/seats/{seatId}', { ...seat(seatId), body })));

export const useReplaceSeat = (seatId: string) =>
  useWrite((body: Schemas['SeatReplace']) => take(api.POST('/api/contests/seats/{seatId}/replace', { ...seat(seatId), body })));

export const useRemoveSeat = (seatId: string) => useWrite(() => done(api.DELETE('/api/contests/seats/{seatId}', seat(seatId))));

export const useFreeze = (categoryId: string) =>
  useWrite(() => take(api.POST('/api/contests/categories/{categoryId}/panel/freeze', category(categoryId))));

export const useUnfreeze = (categoryId: string) =>
  useWrite((reason: string) => take(api.POST('/api/contests/categories/{categoryId}/panel/unfreeze', { ...category(categoryId), body: { reason } })));

export const useRecuse = (categoryId: string) =>
  useWrite((body: Schemas['RecusalCreate']) => take(api.POST('/api/contests/categories/{categoryId}/recusals', { ...category(categoryId), body })));

export const useLiftRecusal = (recusalId: string) =>
  useWrite((reason: string) => take(api.POST('/api/contests/recusals/{recusalId}/lift', { params: { path: { recusalId } }, body: { reason } })));
