import { queryOptions } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Sheet = Schemas['Sheet'];
export type Result = Schemas['ResultView'];
export type ResultLine = Schemas['ResultLine'];
export type Progress = Schemas['Progress'];
export type RuleSetSummary = Schemas['RuleSetSummary'];
export type RuleSet = Schemas['RuleSetView'];
export type CategoryRules = Schemas['CategoryRulesView'];

const path = (categoryId: string) => ({ params: { path: { categoryId } } });

export const sheetQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'sheet', categoryId],
    queryFn: () => take(api.GET('/api/scoring/categories/{categoryId}/sheet', path(categoryId))),
    // Nothing pokes a judge's sheet: closing, new entries and recusals are seen by looking again.
    refetchInterval: 20_000,
  });

/** Every value that marks of an entry had: all of them, or with `own` the reader's. */
export const markHistoryQuery = (categoryId: string, entryId: string, own: boolean) =>
  queryOptions({
    queryKey: ['scoring', 'history', categoryId, entryId, own],
    queryFn: () => {
      const where = { params: { path: { categoryId, entryId } } };
      return take(own ? api.GET('/api/scoring/categories/{categoryId}/sheet/{entryId}/history', where) : api.GET('/api/scoring/categories/{categoryId}/entries/{entryId}/marks', where));
    },
    staleTime: 0,
  });
