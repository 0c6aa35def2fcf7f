import { expect, test } from 'vitest';
import { Problem } from '../../api/problem';
import { below, placed, readObject } from './json';

test('an empty text is no object and no fault', () => {
  expect(readObject('  \n')).toEqual({ value: null, fault: null });
});

test('what is no object says where', () => {
  expect(readObject('[1]').fault?.detail).toBe('It must stand in braces { }.');
  expect(readObject('{\n"a": 1,\n}').fault).toMatchObject({ line: 2 });
  expect(readObject('{} x').fault?.detail).toBe('Something stands after the end of the rules.'.replace('the end of the rules', 'the closing brace'));
});

test('faults of the server stand at their line', () => {
  const text = '{\n  "data": {\n    "state": {"$gte": true}\n  }\n}';
  expect(placed(text, [{ pointer: '/data/state/$gte', detail: '$gte takes a number or a text.' }])).toEqual([
    { detail: 'data.state.$gte: $gte takes a number or a text.', line: 3, place: { start: text.indexOf('true'), end: text.indexOf('true') + 4 } },
  ]);
});

test('faults of a part are told from there', () => {
  const error = new Problem(422, 'webhook-refused', '', '', null, [{ pointer: '/body/filter/data', detail: 'a' }, { pointer: '/filter', detail: 'b' }, { pointer: '/filters', detail: 'c' }], null);
  expect(below(error, '/filter')).toEqual([{ pointer: '/data', detail: 'a' }, { pointer: '', detail: 'b' }]);
  expect(below(null, '/filter')).toEqual([]);
});
