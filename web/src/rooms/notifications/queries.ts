import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Notification = Schemas['NotificationView'];
export type Preferences = Schemas['PreferencesView'];
export type PreferencesIn = Schemas['PreferencesIn'];

/** Looked at now and then as well, for whoever's connection tells nothing. */
export const countQuery = queryOptions({
  queryKey: ['notifications', 'count'],
  queryFn: async () => (await take(api.GET('/api/notifications/count'))).unread,
  refetchInterval: 120_000,
});

export const notificationsQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ['notifications', 'list', unread],
    queryFn: ({ pageParam }) => take(api.GET('/api/notifications', { params: { query: { unread, cursor: pageParam, limit: 25 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
  });

export const preferencesQuery = queryOptions({
  queryKey: ['notification-preferences'],
  queryFn: () => take(api.GET('/api/notifications/preferences')),
});

/** Marks these, or with null all, as read. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | null) => take(api.POST('/api/notifications/read', { body: ids === null ? { all: true } : { ids, all: false } })),
    onSettled: () => void client.invalidateQueries({ queryKey: ['notifications'] }),
  });
}

export function useSavePreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: PreferencesIn) => take(api.PUT('/api/notifications/preferences', { body })),
    onSuccess: (saved) => client.setQueryData(preferencesQuery.queryKey, saved),
  });
}
