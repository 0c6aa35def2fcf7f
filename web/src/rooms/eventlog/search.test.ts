import { describe, expect, it } from 'vitest';
import { changed, exportAddress, isoOf, localOf } from './asking';
import { readSearch } from './search';

describe('search in the address', () => {
  it('reads numbers as text, one type as a list, and drops what cannot be read', () => {
    expect(readSearch({ q: 12, type: 'score.*', from: 'soon', actor: '', entry: {} })).toEqual({ q: '12', type: ['score.*'] });
  });

  it('loses a filter that is emptied', () => {
    expect(changed({ q: 'rain', type: ['score.*'], actor: 'a' }, { q: '', type: [] })).toEqual({ actor: 'a' });
  });

  it('asks the export for the same entries', () => {
    expect(exportAddress({ type: ['score.*', 'user.joined'], entity: 'e', entry: 'x' }, 'csv')).toBe(
      '/api/events/logs/export?format=csv&eventType=score.*&eventType=user.joined&entityId=e',
    );
  });

  it('gives a time of the clock on the wall and takes it back', () => {
    expect(isoOf(localOf('2027-05-01T10:30:00.000Z'))).toBe('2027-05-01T10:30:00.000Z');
    expect([isoOf(''), localOf(undefined)]).toEqual([undefined, '']);
  });
});
