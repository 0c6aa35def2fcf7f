import type { components } from '../../api/schema';
import { canonical, misfit, readDecimal } from '../../lib/decimal';

type CriterionView = components['schemas']['CriterionView'];

/** A criterion while it is edited: numbers as typed. `row` tells new ones apart before the server names them. */
export type Draft = { row: string; id: string | null; name: string; min: string; max: string; step: string; weight: string };

export const draftOf = (criterion: CriterionView): Draft => {
  const { id, name, min, max, step, weight } = criterion;
  return { row: id, id, name, min, max, step, weight };
};

export const newDraft = (): Draft => ({ row: crypto.randomUUID(), id: null, name: '', min: '0', max: '10', step: '0.5', weight: '1' });

const number = (typed: string): string | null => {
  const reading = readDecimal(typed);
  return reading.kind === 'number' ? reading.value : null;
};

/** What is wrong with a draft, by field. */
export function faultsOf(draft: Draft): Partial<Record<keyof Draft, string>> {
  const faults: Partial<Record<keyof Draft, string>> = {};
  if (draft.name.trim() === '') faults.name = 'Give a name.';
  for (const field of ['min', 'max', 'step', 'weight'] as const) {
    if (number(draft[field]) === null) faults[field] = 'Give a number.';
  }
  const [min, max, step] = [number(draft.min), number(draft.max), number(draft.step)];
  if (min === null || max === null || step === null) return faults;
  const room = { min, max, step: '0' };
  if (misfit(max, { ...room, min }) !== null || min === max) faults.max = 'Must be above the least mark.';
  else if (canonical(step) === '0' || step.startsWith('-')) faults.step = 'Must be above zero.';
  else if (misfit(max, { min, max, step }) !== null) faults.step = 'Whole steps must lead from the least to the greatest mark.';
  return faults;
}

/** The draft as the server takes it; call it for drafts without faults. */
export const wireOf = (draft: Draft) => ({
  ...(draft.id === null ? {} : { id: draft.id }),
  name: draft.name.trim(),
  min: number(draft.min) ?? draft.min,
  max: number(draft.max) ?? draft.max,
  step: number(draft.step) ?? draft.step,
  weight: number(draft.weight) ?? draft.weight,
});
