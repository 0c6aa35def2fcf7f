import { expect, test } from 'vitest';
import { verdictOf } from './verdict';

const found = { intact: true, entries: 1, seals: 1, unsealed: 0, retiredMonths: 0, sealedAt: null, faults: [] };

test('a log that holds says how much was checked', () => {
  expect(verdictOf(found).says).toEqual(['All of 1 sealed entry under 1 seal were computed anew, and each is what was sealed.']);
  expect(verdictOf({ ...found, entries: 9, unsealed: 2, retiredMonths: 1 }).says).toHaveLength(3);
  expect(verdictOf({ ...found, entries: 0, seals: 0 }).title).toBe('Nothing is sealed yet');
});

test('a log that was changed names every fault', () => {
  const fault = { kind: 'altered', problem: 'entry x was altered after it was sealed', position: 5, entryId: 'x', type: null, at: null } as const;
  expect(verdictOf({ ...found, intact: false, faults: [fault] })).toEqual({ good: false, title: 'The log was changed', says: ['Entry x was altered after it was sealed.'] });
});
