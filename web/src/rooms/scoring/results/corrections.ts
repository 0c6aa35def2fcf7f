import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../../api/client';
import type { components } from '../../../api/schema';

type Schemas = components['schemas'];
export type Deduction = Schemas['DeductionView'];
export type Decision = Schemas['DecisionView'];

const path = (categoryId: string) => ({ params: { path: { categoryId } } });

export const deductionsQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'deductions', categoryId],
    queryFn: () => take(api.GET('/api/scoring/categories/{categoryId}/deductions', path(categoryId))),
  });

export const decisionsQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'decisions', categoryId],
    queryFn: () => take(api.GET('/api/scoring/categories/{categoryId}/decisions', path(categoryId))),
  });

/** A write that changes what a category's result is made from. */
function useCorrection<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => void client.invalidateQueries({ queryKey: ['scoring'] }) });
}

export const useRequestDeduction = (categoryId: string) =>
  useCorrection((body: Schemas['DeductionIn']) => take(api.POST('/api/scoring/categories/{categoryId}/deductions', { ...path(categoryId), body })));

export const useSettleDeduction = ({ id, categoryId }: { id: string; categoryId: string }) =>
  useCorrection((step: 'approve' | 'withdraw') => {
    const where = { params: { path: { categoryId, deductionId: id } } };
    return take(
      step === 'approve'
        ? api.POST('/api/scoring/categories/{categoryId}/deductions/{deductionId}/approve', where)
        : api.POST('/api/scoring/categories/{categoryId}/deductions/{deductionId}/withdraw', where),
    );
  });

export const useDecideTie = (categoryId: string) =>
  useCorrection((body: Schemas['DecisionIn']) => take(api.POST('/api/scoring/categories/{categoryId}/decisions', { ...path(categoryId), body })));
