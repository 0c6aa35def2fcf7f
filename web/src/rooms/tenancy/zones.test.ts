import { expect, test } from 'vitest';
import { localeName, timeIn, zoneChoices } from './zones';

test('the present zone can be chosen, also one that the browser does not list', () => {
  expect(zoneChoices('Etc/GMT-14').slice(0, 2)).toEqual(['UTC', 'Etc/GMT-14']);
  expect(zoneChoices('Europe/Berlin').filter((zone) => zone === 'Europe/Berlin')).toHaveLength(1);
});

test('an unknown zone has no time, and an unreadable language is shown as typed', () => {
  expect(timeIn('Mars/Olympus')).toBe('');
  expect(localeName('x')).toBe('x');
  expect(localeName('de-DE')).toBe('German (Germany)');
});
