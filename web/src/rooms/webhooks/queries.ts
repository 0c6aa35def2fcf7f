import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, done, take } from '../../api/client';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Webhook = Schemas['WebhookView'];
export type WebhookCreate = Schemas['WebhookCreate'];
export type WebhookUpdate = Schemas['WebhookUpdate'];
export type WebhookCreated = Schemas['WebhookCreated'];
export type Secret = Schemas['SecretView'];

/** A type of event as these pages need it: its name, what it says of itself, an example of its payload. */
export type EventKind = Readonly<{ name: string; title: string; sample: Readonly<Record<string, unknown>> }>;

export const path = (webhookId: string) => ({ params: { path: { webhookId } } });

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: async () => (await take(api.GET('/api/events/webhooks'))).items,
});

export const webhookQuery = (webhookId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'one', webhookId],
    queryFn: () => take(api.GET('/api/events/webhooks/{webhookId}', path(webhookId))),
  });

/** Deliveries of the last hours, hour by hour. */
export const statisticsQuery = (webhookId: string, hours: number) =>
  queryOptions({
    queryKey: ['webhooks', 'statistics', webhookId, hours],
    queryFn: () => take(api.GET('/api/events/webhooks/{webhookId}/statistics', { params: { path: { webhookId }, query: { hours } } })),
  });

/** A write of this room; everything that it may have changed is read anew. */
export function useWrite<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => void client.invalidateQueries({ queryKey: ['webhooks'] }) });
}

export const useCreateWebhook = () => useWrite((body: WebhookCreate) => take(api.POST('/api/events/webhooks', { body })));

export const useUpdateWebhook = ({ id, version }: Pick<Webhook, 'id' | 'version'>) =>
  useWrite((body: WebhookUpdate) =>
    take(api.PUT('/api/events/webhooks/{webhookId}', { params: { path: { webhookId: id } }, headers: { 'If-Match': `"${version}"` }, body })),
  );

export const useDeleteWebhook = (webhookId: string) => useWrite(() => done(api.DELETE('/api/events/webhooks/{webhookId}', path(webhookId))));

export const useResume = (webhookId: string) =>
  useWrite((held: 'deliver' | 'skip') => take(api.POST('/api/events/webhooks/{webhookId}/resume', { ...path(webhookId), body: { held } })));

export const useNewSecret = (webhookId: string) =>
  useWrite((body: Schemas['SecretCreate']) => take(api.POST('/api/events/webhooks/{webhookId}/secrets', { ...path(webhookId), body })));

export const useRevokeSecret = (webhookId: string) =>
  useWrite((secretId: string) => done(api.DELETE('/api/events/webhooks/{webhookId}/secrets/{secretId}', { params: { path: { webhookId, secretId } } })));

export type TestCall = Schemas['WebhookTest'];
export type TestResult = Schemas['WebhookTested'];

export const useTestCall = (webhookId: string) =>
  useWrite((body: TestCall) => take(api.POST('/api/events/webhooks/{webhookId}/test', { ...path(webhookId), body })));
