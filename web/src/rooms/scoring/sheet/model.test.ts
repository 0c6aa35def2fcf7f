import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../lib/autosave';
import { entriesOf, markOfKey, marksOf, nextEntry, progressOf, samePlace, slotsOf, type SheetEntry } from './model';

const limits = { min: '0', max: '10', step: '0.5', weight: '1' };
const criteria = [
  { id: 'voice', key: 'voice', name: 'Voice', ...limits },
  { id: 'stage', key: 'stage', name: 'Stage', ...limits },
];
const slots = slotsOf({ parts: [], criteria });
const entry = (id: string, closed: string | null = null): SheetEntry => ({ id, number: id, name: id, closed });

/** A reader of marks given as "entry/criterion": value, over what was typed. */
const reader = (given: Record<string, string>, typed: Record<string, Entry<{ value: string | null; comment: string }>> = {}, revision = 1) => {
  const marks = Object.entries(given).map(([key, value]) => {
    const { entry: entryId, criterion: criterionId } = markOfKey(`${key}/`);
    return { entryId, criterionId, part: '', value, comment: '', revision };
  });
  return marksOf({ marks }, new Map(Object.entries(typed)), () => 1);
};
const eight = { value: '8', comment: 'bright' };
const [voice, stage] = slots;
if (voice === undefined || stage === undefined) throw new Error('two criteria make two slots');

describe('judge sheet', () => {
  it('asks for each criterion of each part', () => {
    expect(slotsOf({ parts: ['Waltz', 'Tango'], criteria }).map((slot) => slot.name)).toEqual([
      'Waltz: Voice', 'Waltz: Stage', 'Tango: Voice', 'Tango: Stage',
    ]);
  });

  it('says why an entry takes no marks', () => {
    const sheet = { entries: [{ id: '1', number: '7', name: 'Ana', runningOrder: 1, state: 'dns', recused: false }] };
    expect(entriesOf(sheet)[0]?.closed).toBe('Did not start.');
  });

  it('shows the typed mark over the stored one, with its refusal', () => {
    const mark = reader({ '1/voice': '7' }, { '1/voice/': { value: eight, status: 'refused', reason: 'No.' } });
    expect(mark('1', voice)).toEqual({ value: '8', comment: 'bright', refusal: 'No.' });
  });

  it('shows a newer mark of the server over one that was saved here', () => {
    const mark = reader({ '1/voice': '9' }, { '1/voice/': { value: eight, status: 'saved', reason: null } }, 2);
    expect(mark('1', voice)).toEqual({ value: '9', comment: '', refusal: null });
  });

  it('counts an entry as done when every criterion has a fitting mark', () => {
    expect(progressOf(entry('1'), slots, reader({ '1/voice': '7', '1/stage': '7.5' }))).toBe('done');
  });

  it('never counts a refused mark', () => {
    const mark = reader({ '1/stage': '7.5' }, { '1/voice/': { value: eight, status: 'refused', reason: 'No.' } });
    expect(progressOf(entry('1'), slots, mark)).toBe('part');
  });

  it('goes to the first entry in running order that wants marks, past closed ones', () => {
    const mark = reader({ '1/voice': '7', '1/stage': '7.5' });
    expect(nextEntry([entry('1'), entry('2', 'Scratched'), entry('3')], slots, mark)?.id).toBe('3');
  });

  it('finds the same place given twice', () => {
    expect(samePlace(entry('1'), voice, [entry('1'), entry('2'), entry('3')], reader({ '1/voice': '1', '3/voice': '1' }))).toEqual(['3']);
  });

  it('keeps a part with a slash apart from the rest of the address', () => {
    expect(markOfKey('e/c/Run 1/2')).toEqual({ entry: 'e', criterion: 'c', part: 'Run 1/2' });
  });
});
