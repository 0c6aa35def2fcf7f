import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';

const path = (categoryId: string) => ({ params: { path: { categoryId } } });

export const progressQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'progress', categoryId],
    queryFn: () => take(api.GET('/api/scoring/categories/{categoryId}/progress', path(categoryId))),
  });

export const resultQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'result', categoryId],
    queryFn: () => take(api.GET('/api/scoring/categories/{categoryId}/result', path(categoryId))),
  });

export const contestResultQuery = (contestId: string) =>
  queryOptions({
    queryKey: ['scoring', 'contest-result', contestId],
    queryFn: () => take(api.GET('/api/scoring/contests/{contestId}/result', { params: { path: { contestId } } })),
  });

export function useCloseJudging(categoryId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.POST('/api/scoring/categories/{categoryId}/close', path(categoryId))),
    onSuccess: () => void client.invalidateQueries(),
  });
}
