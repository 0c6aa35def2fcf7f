import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
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

export const ruleSetsQuery = queryOptions({
  queryKey: ['scoring', 'rule-sets'],
  queryFn: () => take(api.GET('/api/scoring/rule-sets')),
  staleTime: 300_000,
});

export const ruleSetQuery = (ruleSetName: string) =>
  queryOptions({
    queryKey: ['scoring', 'rule-sets', ruleSetName],
    queryFn: () => take(api.GET('/api/scoring/rule-sets/{ruleSetName}', { params: { path: { ruleSetName } } })),
    staleTime: 300_000,
  });

/** All that is missing before judging can be opened, each at its place such as "/rules". */
export const readinessQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'readiness', categoryId],
    queryFn: () => take(api.GET('/api/scoring/categories/{categoryId}/readiness', path(categoryId))),
    staleTime: 0,
  });

/** The rules in force, null while none are chosen: then they are not asked for, as the answer would be a refusal. */
export const categoryRulesQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['scoring', 'rules', categoryId],
    queryFn: async ({ client }): Promise<CategoryRules | null> => {
      const { missing } = await client.fetchQuery(readinessQuery(categoryId));
      // Rules that are chosen but do not fit the criteria are named otherwise.
      if (missing.some(({ pointer, needs }) => pointer === '/rules' && needs === 'a rule set')) return null;
      return take(api.GET('/api/scoring/categories/{categoryId}/rules', path(categoryId)));
    },
  });

export const contestRulesQuery = (contestId: string) =>
  queryOptions({
    queryKey: ['scoring', 'contest-rules', contestId],
    queryFn: () => take(api.GET('/api/scoring/contests/{contestId}/rules', { params: { path: { contestId } } })),
  });

export function useChooseRules(categoryId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => take(api.PUT('/api/scoring/categories/{categoryId}/rules', { ...path(categoryId), body: { name } })),
    onSuccess: (rules) => {
      client.setQueryData(categoryRulesQuery(categoryId).queryKey, rules);
      void client.invalidateQueries({ queryKey: readinessQuery(categoryId).queryKey });
    },
  });
}

export function useChooseContestRules(contestId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Schemas['ContestRulesIn']) =>
      take(api.PUT('/api/scoring/contests/{contestId}/rules', { params: { path: { contestId } }, body })),
    onSuccess: (rules) => client.setQueryData(contestRulesQuery(contestId).queryKey, rules),
  });
}

export function useCloseJudging(categoryId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => take(api.POST('/api/scoring/categories/{categoryId}/close', path(categoryId))),
    onSuccess: () => void client.invalidateQueries(),
  });
}
