import { expect, test } from 'vitest';
import { fieldsOf, typeOf } from './fields';

const schema = {
  $defs: { State: { enum: ['draft', 'open'], type: 'string' } },
  properties: {
    eventId: { type: 'string', format: 'uuid' },
    state: { $ref: '#/$defs/State', description: 'What it is now.' },
    startsOn: { anyOf: [{ type: 'string', format: 'date' }, { type: 'null' }] },
    places: { type: 'array', items: { type: 'integer' } },
    changes: { type: 'object', additionalProperties: { type: 'array', items: {} } },
  },
  required: ['eventId', 'state'],
};

test('the fields of a payload are told in words', () => {
  expect(fieldsOf(schema).map(({ name, type, required }) => [name, type, required])).toEqual([
    ['eventId', 'id', true],
    ['state', '"draft" or "open"', true],
    ['startsOn', 'date or nothing', false],
    ['places', 'list of whole number', false],
    ['changes', 'names with list of anything', false],
  ]);
  expect(fieldsOf(schema)[1]?.about).toBe('What it is now.');
});

test('what is not known is called anything, and a reference into nothing does not break', () => {
  expect([typeOf(true, {}), typeOf({ type: 'strange' }, {}), typeOf({ $ref: '#/$defs/Gone' }, {}), fieldsOf({}).length]).toEqual(['anything', 'anything', 'anything', 0]);
});
