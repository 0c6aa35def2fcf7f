import { describe, expect, it } from 'vitest';
import { stepsOf } from './parts';

describe('numbers below a total', () => {
  it('gives numbers by judge as cells and leaves single numbers to the explanation', () => {
    expect(stepsOf({ judges: { A: '7', B: '8' }, mean: '7.5' })).toEqual([{ name: 'judges', cells: [['A', '7'], ['B', '8']] }]);
  });

  it('names nested numbers from the top down', () => {
    expect(stepsOf({ places: { Waltz: { A: '1' } } })[0]?.cells).toEqual([['Waltz / A', '1']]);
  });
});
