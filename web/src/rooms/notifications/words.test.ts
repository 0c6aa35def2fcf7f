import { expect, test } from 'vitest';
import { bellLabel, isMail, shortCount } from './words';

test('a badge stays small, and is said in words', () => {
  expect([shortCount(3), shortCount(99), shortCount(100)]).toEqual(['3', '99', '99+']);
  expect([bellLabel(0), bellLabel(1), bellLabel(2)]).toEqual(['Notifications', 'Notifications: 1 is not read', 'Notifications: 2 are not read']);
  expect([isMail('digest'), isMail('weekly'), isMail(null)]).toEqual([true, false, false]);
});
