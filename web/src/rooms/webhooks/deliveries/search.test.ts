import { expect, test } from 'vitest';
import { readDeliverySearch } from './search';

test('an address that asks for something unknown asks for everything', () => {
  expect(readDeliverySearch({ state: 'lost', type: 7, event: '' })).toEqual({});
  expect(readDeliverySearch({ state: 'dead', type: 'score.submitted', event: 'e' })).toEqual({ state: 'dead', type: 'score.submitted', event: 'e' });
});
