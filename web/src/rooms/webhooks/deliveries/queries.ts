import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '../../../api/client';
import type { components } from '../../../api/schema';
import { useWrite } from '../queries';
import type { DeliverySearch } from './search';

type Schemas = components['schemas'];
export type Delivery = Schemas['DeliveryView'];
export type DeliveryDetail = Schemas['DeliveryDetail'];
export type Attempt = Schemas['AttemptView'];

/** Deliveries that fit, newest first. */
export const deliveriesQuery = ({ webhook, state, type, event }: DeliverySearch) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'deliveries', webhook ?? null, state ?? null, type ?? null, event ?? null],
    queryFn: ({ pageParam }) =>
      take(api.GET('/api/events/deliveries', { params: { query: { webhookId: webhook, state, eventType: type, eventId: event, cursor: pageParam, limit: 25 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
  });

export const deliveryQuery = (deliveryId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'delivery', deliveryId],
    queryFn: () => take(api.GET('/api/events/deliveries/{deliveryId}', { params: { path: { deliveryId } } })),
  });

export const useRedeliver = () =>
  useWrite((deliveryId: string) => take(api.POST('/api/events/deliveries/{deliveryId}/redeliver', { params: { path: { deliveryId } } })));

export const useCancelDelivery = () =>
  useWrite((deliveryId: string) => take(api.POST('/api/events/deliveries/{deliveryId}/cancel', { params: { path: { deliveryId } } })));

/** One after the other, so that a long selection is no burst; tells of each that is on its way, stops at a refusal. */
export const useRedeliverAll = (onSent: (deliveryId: string) => void) =>
  useWrite(async (ids: readonly string[]) => {
    for (const deliveryId of ids) {
      // oxlint-disable-next-line no-await-in-loop
      await api.POST('/api/events/deliveries/{deliveryId}/redeliver', { params: { path: { deliveryId } } });
      onSent(deliveryId);
    }
    return ids.length;
  });
