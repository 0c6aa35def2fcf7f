import { describe, expect, it } from 'vitest';
import { linesOf } from './payload';

describe('what an entry says', () => {
  it('tells changes from old to new, apart from facts', () => {
    const { changes, facts } = linesOf({ reason: 'rain', changes: { startsOn: ['2027-05-01', null] } });
    expect(changes).toEqual([{ label: 'Starts on', old: '2027-05-01', value: 'nothing' }]);
    expect(facts).toEqual([{ label: 'Reason', value: 'rain' }]);
  });

  it('tells a change of state', () => {
    expect(linesOf({ old: 'draft', new: 'open' }).changes).toEqual([{ label: 'State', old: 'draft', value: 'open' }]);
  });

  it('keeps ids apart', () => {
    expect(linesOf({ eventId: 'e', contestIds: ['a', 'b'], checkedIn: true })).toEqual({
      changes: [],
      facts: [{ label: 'Checked in', value: 'yes' }],
      ids: [{ label: 'Event id', value: 'e' }, { label: 'Contest ids', value: 'a, b' }],
    });
  });

  it('spells out what is nested and what is empty', () => {
    const { facts } = linesOf({ numbers: { a: '1' }, added: [], removed: {} });
    expect(facts.map(({ value }) => value)).toEqual(['a: 1', 'none', 'none']);
  });
});
