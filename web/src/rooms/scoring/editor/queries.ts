import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../../api/client';
import type { components } from '../../../api/schema';

export type Guide = components['schemas']['RuleGuide'];
export type KindGuide = components['schemas']['KindGuide'];
export type Document = Record<string, unknown>;

export const ruleGuideQuery = queryOptions({
  queryKey: ['scoring', 'rule-guide'],
  queryFn: () => take(api.GET('/api/scoring/rule-guide')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whether the document could be saved: read only, so it is asked for as often as the text changes. */
export const checkQuery = (document: Document) =>
  queryOptions({
    queryKey: ['scoring', 'rule-check', JSON.stringify(document)],
    queryFn: () => take(api.POST('/api/scoring/rule-sets/check', { body: { document } })),
    staleTime: 60_000,
    gcTime: 60_000,
  });

export function useSaveRuleSet() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (document: Document) => take(api.POST('/api/scoring/rule-sets', { body: { document } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ['scoring', 'rule-sets'] }),
  });
}
