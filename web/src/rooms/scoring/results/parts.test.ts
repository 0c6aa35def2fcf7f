import { describe, expect, it } from 'vitest';
import { stepsOf } from './parts';

describe('steps of a total', () => {
  it('gives numbers by judge as cells and repeats nothing', () => {
    expect(stepsOf({ judges: { A: '7', B: '8' }, mean: '7.5', parts: '7.5' })).toEqual([
      { name: 'judges', total: null, cells: [['A', '7'], ['B', '8']] },
      { name: 'mean', total: '7.5', cells: [] },
    ]);
  });

  it('names nested numbers from the top down', () => {
    expect(stepsOf({ places: { Waltz: { A: '1' } } })[0]?.cells).toEqual([['Waltz / A', '1']]);
  });
});
