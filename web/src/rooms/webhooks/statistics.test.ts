import { expect, test } from 'vitest';
import { roundUp, successRate } from './statistics';

test('a share is never rounded up to all', () => {
  expect([successRate({ succeeded: 0, dead: 0 }), successRate({ succeeded: 4, dead: 0 }), successRate({ succeeded: 99_999, dead: 1 }), successRate({ succeeded: 1, dead: 2 })]).toEqual([
    'none', '100 % of 4', '99.9 % of 100000', '33 % of 3',
  ]);
});

test('a scale ends at a round number', () => {
  expect([0, 1, 3, 17, 50, 51, 999].map(roundUp)).toEqual([1, 1, 5, 20, 50, 100, 1000]);
});
