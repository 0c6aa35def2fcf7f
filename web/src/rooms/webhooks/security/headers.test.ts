import { expect, test } from 'vitest';
import { headersOf, rowsOf } from './headers';

test('a value that nobody touched is kept, and what is taken away goes', () => {
  const rows = rowsOf(['X-Key', 'X-Old']);
  expect(headersOf(rows)).toEqual({ 'X-Key': null, 'X-Old': null });
  expect(headersOf([...rows.slice(0, 1), { id: 9, name: ' X-New ', value: 'a', kept: false }, { id: 10, name: '', value: 'b', kept: false }])).toEqual({ 'X-Key': null, 'X-New': 'a' });
});
