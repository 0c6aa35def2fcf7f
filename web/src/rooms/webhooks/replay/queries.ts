import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, take } from '../../../api/client';
import type { components } from '../../../api/schema';
import { useWrite } from '../queries';

type Schemas = components['schemas'];
export type Replay = Schemas['ReplayView'];
export type ReplayRequest = Schemas['ReplayCreate'];
export type ReplayPlan = Schemas['ReplayPlan'];

export const replaysQuery = queryOptions({
  queryKey: ['webhooks', 'replays'],
  queryFn: async () => (await take(api.GET('/api/events/replays'))).items,
});

export const replayQuery = (replayId: string) =>
  queryOptions({
    queryKey: ['webhooks', 'replay', replayId],
    queryFn: () => take(api.GET('/api/events/replays/{replayId}', { params: { path: { replayId } } })),
  });

const post = (body: ReplayRequest) => take(api.POST('/api/events/replays', { body }));

/** Only counts; nothing changes. */
export const useCountReplay = () =>
  useMutation({
    mutationFn: async (body: ReplayRequest): Promise<ReplayPlan> => {
      const answer = await post({ ...body, dryRun: true });
      if ('counts' in answer) return answer;
      throw new Error('The server began the replay instead of counting it. Look at the list of replays.');
    },
  });

export const useBegin = () =>
  useWrite(async (body: ReplayRequest): Promise<Replay> => {
    const answer = await post({ ...body, dryRun: false });
    if ('state' in answer) return answer;
    throw new Error('The server only counted and did not begin. Try once more.');
  });

export const useStep = (replayId: string) =>
  useWrite((step: 'pause' | 'resume' | 'cancel') => {
    const where = { params: { path: { replayId } } };
    if (step === 'pause') return take(api.POST('/api/events/replays/{replayId}/pause', where));
    return take(step === 'resume' ? api.POST('/api/events/replays/{replayId}/resume', where) : api.POST('/api/events/replays/{replayId}/cancel', where));
  });
