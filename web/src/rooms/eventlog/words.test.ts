import { describe, expect, it } from 'vitest';
import { actorOf, areaName, labelOf, sentenceOf, sentences } from './words';

describe('words of the log', () => {
  it('tells the first sentence of a type', () => {
    expect(sentenceOf('Sessions were ended before their time; ``count`` of them.')).toBe('Sessions were ended before their time; count of them');
    expect(sentenceOf('An entry was made. ``contestantId`` is its id.')).toBe('An entry was made');
  });

  it('lets an unknown type stand for itself', () => {
    expect(sentences([])({ type: 'old.thing.happened' })).toBe('old.thing.happened');
  });

  it('names areas, fields and actors', () => {
    expect([areaName('score'), areaName('new_area'), labelOf('startsOn')]).toEqual(['Marks and deductions', 'New area', 'Starts on']);
    expect(actorOf({ actor: { kind: 'system', id: null, name: '' } })).toBe('The system');
  });
});
