import { expect, test } from 'vitest';
import { Problem } from '../../../api/problem';
import { aboutOf, readText, refusedIn } from './faults';

test('a pointer is said in words', () => {
  expect(aboutOf('/stages/1/over')).toBe('Stage 2, over');
  expect(aboutOf('/title')).toBe('title');
  expect(aboutOf('/cases/0')).toBe('Worked example 1');
  expect(aboutOf('/stages/0/of/2')).toBe('Stage 1, of, entry 3');
  expect(aboutOf('')).toBe('The whole');
});

test('a refusal stands at its line of the text', () => {
  const text = '{\n  "stages": [\n    {"kind": "sum"},\n    {"kind": "sums"}\n  ]\n}';
  const error = new Problem(422, 'rules-refused', '', '', null, [{ pointer: '/document/stages/1', detail: 'no kind' }], null);
  const start = text.indexOf('{"kind": "sums"}');
  expect(refusedIn(text, error)).toEqual([{ about: 'Stage 2', detail: 'no kind', line: 4, place: { start, end: start + 16 } }]);
});

test('a list or a broken text is no rule set', () => {
  expect(readText('[]').faults.map(({ detail }) => detail)).toEqual(['Rules stand in braces { }.']);
  expect(readText('{"a": 1.2.3}').document).toBeNull();
  expect(readText('{"a": 1}')).toEqual({ document: { a: 1 }, faults: [] });
});
