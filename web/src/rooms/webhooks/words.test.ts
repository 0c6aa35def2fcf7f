import { expect, test } from 'vitest';
import { healthOf, showMs, showSeconds, showWaiting } from './words';

const health = { state: 'healthy', failuresInRow: 0, failingSince: null, nextProbeAt: null } as const;

test('switched off is said before how sending went', () => {
  expect(healthOf({ enabled: false, disabledReason: '', health: { ...health, state: 'degraded' } }).label).toBe('Off');
  expect(healthOf({ enabled: false, disabledReason: 'The receiver answered 410.', health }).tells).toBe('The receiver answered 410.');
});

test('a failing endpoint says since when and when it is tried next', () => {
  const soon = new Date(Date.now() + 7_200_000).toISOString();
  const said = healthOf({ enabled: true, disabledReason: '', health: { ...health, state: 'degraded', failingSince: '2027-05-01T10:00:00Z', nextProbeAt: soon } });
  expect(said.label).toBe('Failing');
  expect(said.tells).toMatch(/Failing since .*Next try in 2 hours/);
});

test('durations are said as people say them', () => {
  expect([showMs(4.4), showMs(1500), showMs(31_000), showMs(null)]).toEqual(['4 ms', '1.5 s', '31 s', '–']);
  expect([showSeconds(5), showSeconds(300), showSeconds(5400), showSeconds(86_400)]).toEqual(['5 s', '5 min', '1.5 h', '1 d']);
});

test('a bounded count says that it is one', () => {
  expect([showWaiting({ waiting: 3, waitingIsExact: true }), showWaiting({ waiting: 1000, waitingIsExact: false })]).toEqual(['3', '1000 or more']);
});
