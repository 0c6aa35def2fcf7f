import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { PAGE_LIMIT, everyPage } from '../../api/pages';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type EventView = Schemas['EventView'];
export type ContestView = Schemas['ContestView'];
export type CategoryView = Schemas['CategoryView'];
export type Category = Schemas['CategoryDetail'];

const page = (cursor: string | null) => ({ cursor, limit: PAGE_LIMIT });

export const eventsQuery = (archived: boolean) =>
  queryOptions({
    queryKey: ['contests', 'events', archived],
    queryFn: () => everyPage((cursor) => take(api.GET('/api/contests/events', { params: { query: { ...page(cursor), status: archived ? 'archived' : null } } }))),
  });

export const eventQuery = (eventId: string) =>
  queryOptions({
    queryKey: ['contests', 'event', eventId],
    queryFn: () => take(api.GET('/api/contests/events/{eventId}', { params: { path: { eventId } } })),
  });

export const contestsQuery = (eventId: string) =>
  queryOptions({
    queryKey: ['contests', 'contests', eventId],
    queryFn: () => everyPage((cursor) => take(api.GET('/api/contests/events/{eventId}/contests', { params: { path: { eventId }, query: page(cursor) } }))),
  });

export const contestQuery = (contestId: string) =>
  queryOptions({
    queryKey: ['contests', 'contest', contestId],
    queryFn: () => take(api.GET('/api/contests/{contestId}', { params: { path: { contestId } } })),
  });

export const categoriesQuery = (contestId: string) =>
  queryOptions({
    queryKey: ['contests', 'categories', contestId],
    queryFn: () => everyPage((cursor) => take(api.GET('/api/contests/{contestId}/categories', { params: { path: { contestId }, query: page(cursor) } }))),
  });

export const categoryQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'category', categoryId],
    queryFn: () => take(api.GET('/api/contests/categories/{categoryId}', { params: { path: { categoryId } } })),
  });

export const criteriaQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'criteria', categoryId],
    queryFn: () => take(api.GET('/api/contests/categories/{categoryId}/criteria', { params: { path: { categoryId } } })),
  });
