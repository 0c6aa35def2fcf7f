import { expect, test } from 'vitest';
import { NotJson, lineOf, placeOf, placesOf, printJson } from './json-places';

const faultOf = (text: string): [string, number] => {
  try {
    placesOf(text);
  } catch (error) {
    if (error instanceof NotJson) return [error.message, error.at];
  }
  return ['', -1];
};

test('every value is found by its pointer', () => {
  const text = '{"stages": [{"kind": "sum"}, {"a/b": [1, -2.5e3]}]}';
  const places = placesOf(text);
  const shown = (pointer: string) => text.slice(placeOf(places, pointer).start, placeOf(places, pointer).end);
  expect(shown('/stages/0/kind')).toBe('"sum"');
  expect(shown('/stages/1/a~1b/1')).toBe('-2.5e3');
  expect(shown('/stages/1/over')).toBe('{"a/b": [1, -2.5e3]}');
  expect(shown('/title')).toBe(text);
});

test('a broken text is said in words, with the place', () => {
  expect(faultOf('{"a": 1,}')).toEqual(['There is a comma too many before }.', 7]);
  expect(faultOf('{"a": 1 "b": 2}')).toEqual(['A comma or } is missing here.', 8]);
  expect(faultOf('{"a": "x}')).toEqual(['This text has no closing quotation mark.', 6]);
  expect(faultOf('{"a" 1}')).toEqual(['A colon is missing here.', 5]);
  expect(faultOf('{a: 1}')).toEqual(['A name in quotation marks is missing here.', 1]);
  expect(faultOf('{} x')).toEqual(['Something stands after the end of the rules.', 3]);
  expect(faultOf('')).toEqual(['A value is missing here; text stands in quotation marks.', 0]);
});

test('printed text reads back the same, short things on one line', () => {
  const value = { name: 'a, "b": c', stages: Array.from({ length: 9 }, (_, at) => ({ kind: 'sum', over: `part ${at}` })), none: [] };
  const text = printJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('    {"kind": "sum", "over": "part 3"},\n');
  expect(lineOf(text, text.indexOf('"none"'))).toBe(14);
});
