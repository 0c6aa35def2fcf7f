import { describe, expect, it } from 'vitest';
import { faultsOf, newDraft, wireOf } from './criteria';

const draft = (change: Partial<ReturnType<typeof newDraft>>) => ({ ...newDraft(), name: 'Poise', ...change });

describe('criterion drafts', () => {
  it('accepts a usual one, comma or point', () => {
    expect(faultsOf(draft({ step: '0,5' }))).toEqual({});
  });

  it('wants the greatest mark above the least', () => {
    expect(faultsOf(draft({ min: '5', max: '5' })).max).toBe('Must be above the least mark.');
  });

  it('wants whole steps between the two', () => {
    expect(faultsOf(draft({ step: '0.3' })).step).toBe('Whole steps must lead from the least to the greatest mark.');
  });

  it('sends numbers as text with a point', () => {
    expect(wireOf(draft({ weight: '1,50' }))).toEqual({ name: 'Poise', min: '0', max: '10', step: '0.5', weight: '1.5' });
  });
});
