import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import type { CategoryRules } from './queries';

type Schemas = components['schemas'];

const path = (categoryId: string) => ({ params: { path: { categoryId } } });

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

/** All that is missing before judging can be opened, each at its place such as "/rules". Every change of a contest may
 * change it, so it is kept with what those changes make stale. */
export const readinessQuery = (categoryId: string) =>
  queryOptions({
    queryKey: ['contests', 'readiness', categoryId],
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
