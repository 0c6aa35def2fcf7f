import { expect, test } from 'vitest';
import { answerOf, outcomeOf } from './outcome';

test('an answer is its status, or why there was none', () => {
  expect([answerOf({ status: 204, error: '' }), answerOf({ status: null, error: 'timeout' }), answerOf({ status: 200, error: 'too-large' }), answerOf({ status: null, error: 'odd' })]).toEqual([
    'answer 204', 'no answer in time', 'answer 200: the answer does not end', 'odd',
  ]);
});

test('a failed try says when the next one is', () => {
  const now = Date.parse('2027-05-01T10:00:00Z');
  expect(outcomeOf({ state: 'retrying', held: false, status: 500, error: '', nextAt: '2027-05-01T12:00:00Z' }, now)).toBe('answer 500; next try in 2 hours');
  expect(outcomeOf({ state: 'retrying', held: false, status: 500, error: '', nextAt: '2027-05-01T09:00:00Z' }, now)).toBe('answer 500; next try due now');
  expect(outcomeOf({ state: 'retrying', held: true, status: 500, error: 'status 500', nextAt: '2027-05-01T09:00:00Z' }, now)).toBe('answer 500; held');
  expect(outcomeOf({ state: 'waiting', held: false, status: null, error: '', nextAt: null }, now)).toBe('not tried yet');
});
