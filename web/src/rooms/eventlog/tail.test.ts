import { expect, test } from 'vitest';
import type { LogEntry } from './queries';
import { withFresh } from './tail';

const entry = (id: string): LogEntry => ({
  id, type: 'event.updated', version: 1, entityType: 'event', entityId: 'e', actor: { kind: 'system', id: null, name: '' }, address: '', correlationId: '', causationId: null,
  at: '2027-05-01T10:00:00Z', embargoed: false, payload: {},
});
const log = { pages: [{ items: [entry('b')], total: 2, totalIsExact: true, nextCursor: 'b' }, { items: [entry('a')], total: 2, totalIsExact: true, nextCursor: null }], pageParams: [null, 'b'] };

test('what arrives stands on top and is counted, what is known already is not repeated', () => {
  const grown = withFresh(log, [entry('c'), entry('b')]);
  expect(grown.pages.map(({ items }) => items.map(({ id }) => id))).toEqual([['c', 'b'], ['a']]);
  expect(grown.pages[0]?.total).toBe(3);
  expect(withFresh({ pages: [], pageParams: [] }, [entry('c')]).pages).toEqual([]);
});
