import { expect, test } from 'vitest';
import { blank, missing, requestOf } from './draft';

test('what is missing is said field by field', () => {
  expect(Object.keys(missing({ ...blank(undefined), from: '2027-05-02T10:00', to: '2027-05-01T10:00', entityId: 'x', ratePerMinute: '0' }))).toEqual(['webhookIds', 'entityId', 'to', 'ratePerMinute']);
  expect(missing(blank('w'))).toEqual({});
});

test('without a reason it only counts', () => {
  const draft = { ...blank('w'), from: '2027-05-01T10:00' };
  expect(requestOf(draft, null)).toMatchObject({ dryRun: true, from: new Date('2027-05-01T10:00').toISOString(), to: null, entityId: null });
  expect(requestOf(draft, 'The board was down.')).toMatchObject({ dryRun: false, reason: 'The board was down.', which: 'failed' });
});
