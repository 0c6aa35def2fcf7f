import { expect, test } from 'vitest';
import { blank, bodyOf, missing, nameFor } from './draft';

test('a webhook is named after its host unless told otherwise', () => {
  expect([nameFor({ kind: 'http', url: 'https://user@hooks.example.org:8443/x' }), nameFor({ kind: 'feed', url: '' }), nameFor({ kind: 'http', url: 'soon' })]).toEqual(['hooks.example.org', 'Feed', '']);
  expect(bodyOf({ ...blank, url: ' https://a.example/hook ', everything: true })).toMatchObject({ name: 'a.example', url: 'https://a.example/hook', events: ['*'], startFrom: 'now', template: null });
});

test('what is missing is said field by field', () => {
  expect(Object.keys(missing({ ...blank, start: 'time' }))).toEqual(['url', 'name', 'events', 'startAt']);
  expect(missing({ ...blank, kind: 'feed', everything: true })).toEqual({});
});

test('a template goes with a web address only', () => {
  expect(bodyOf({ ...blank, kind: 'nats', url: 'nats://b.example/x', template: 'slack', everything: true }).template).toBeNull();
});
