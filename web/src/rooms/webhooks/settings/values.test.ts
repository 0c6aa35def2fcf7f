import { expect, test } from 'vitest';
import type { Webhook } from '../queries';
import { changesOf, validate, valuesOf, waitsOf } from './values';

const webhook: Webhook = {
  id: 'w', name: 'Board', description: '', kind: 'http', url: 'https://a.example/', events: ['score.*'], filter: null, transform: null, template: null,
  format: 'standard', headerNames: [], authentication: { basicUsername: null, oauth2: null, clientCertificate: false, broker: false, ca: false, readable: true }, secrets: [],
  retryAttempts: 3, retrySchedule: [5, 300], timeout: 15_000, ratePerMinute: null, maxInFlight: null, ordering: 'none', blocksOnDead: false, enabled: true,
  disabledReason: '', health: { state: 'healthy', failuresInRow: 0, failingSince: null, nextProbeAt: null }, waiting: 0, waitingIsExact: true, version: 1,
  createdAt: '2027-05-01T10:00:00Z', updatedAt: '2027-05-01T10:00:00Z',
};

test('what is left as it was is not sent', () => {
  const values = valuesOf(webhook);
  expect(values.retry).toBe('usual');
  expect(changesOf(values, webhook)).toEqual({});
});

test('only what differs is sent, and empty means none', () => {
  const limited = { ...webhook, ratePerMinute: 60, filter: { type: 'x' } };
  expect(changesOf({ ...valuesOf(limited), ratePerMinute: '', filter: '', seconds: '5' }, limited)).toEqual({ ratePerMinute: null, filter: null, timeout: 5000 });
});

test('a transformation takes the place of a template', () => {
  const chat = { ...webhook, template: 'slack' as const };
  expect(changesOf({ ...valuesOf(chat), shape: 'transform', transform: ' data ' }, chat)).toEqual({ template: null, transform: 'data' });
});

test('own waits are seconds', () => {
  expect([waitsOf('5, 60 600'), waitsOf('5, soon'), waitsOf('')]).toEqual([[5, 60, 600], null, []]);
  const own = { ...webhook, retrySchedule: [1, 2] };
  expect(valuesOf(own).retry).toBe('own');
  expect(changesOf({ ...valuesOf(own), waits: '1, 2, 4' }, own)).toEqual({ retrySchedule: [1, 2, 4] });
  expect(changesOf({ ...valuesOf(own), retry: 'usual', tries: '10' }, own)).toEqual({ retryAttempts: 10 });
});

test('limits are whole numbers within bounds', () => {
  expect([validate.maxInFlight(''), validate.maxInFlight('50'), validate.seconds('0')]).toEqual([null, null, 'A whole number of seconds from 1 to 30.']);
  expect(validate.maxInFlight('51')).toContain('1 to 50');
  expect(validate.filter('{"a": }')).not.toBeNull();
});
