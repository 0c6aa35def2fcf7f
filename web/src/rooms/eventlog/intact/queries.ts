import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, take } from '../../../api/client';
import type { components } from '../../../api/schema';

type Schemas = components['schemas'];
export type Checkpoint = Schemas['LogCheckpoint'];
export type LogProof = Schemas['LogProof'];

/** The newest signed state; the list is asked for, because a log that has none yet answers with an empty page. */
export const checkpointQuery = queryOptions({
  queryKey: ['event-log-checkpoint'],
  queryFn: async (): Promise<Checkpoint | null> => (await take(api.GET('/api/events/checkpoints', { params: { query: { limit: 1 } } }))).items[0] ?? null,
});

export const checkpointKeyQuery = queryOptions({
  queryKey: ['event-log-checkpoint-key'],
  queryFn: async () => (await take(api.GET('/api/events/checkpoints/key'))).key,
  staleTime: Infinity,
});

/** Asked for only when it is wanted: an entry of the last second is not sealed yet, and that is a refusal. */
export const useProof = (logEntryId: string) =>
  useMutation({ mutationFn: () => take(api.GET('/api/events/logs/{logEntryId}/proof', { params: { path: { logEntryId } } })) });

export type Verification = Schemas['LogVerification'];

export const useVerify = () => useMutation({ mutationFn: () => take(api.GET('/api/events/logs/verify')) });
