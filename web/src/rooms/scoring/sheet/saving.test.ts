import { describe, expect, it } from 'vitest';
import { Problem } from '../../../api/problem';
import { verdictsOf } from './saving';

const changes = [
  { id: 'one', key: 'e/c/', value: { value: '11', comment: '' } },
  { id: 'two', key: 'f/c/', value: { value: '5', comment: '' } },
];
const problem = (faults: { pointer: string; detail: string }[]) =>
  new Problem(409, 'judging-closed', 'Closed', 'The category is judged.', null, faults, null);

describe('a refused batch of marks', () => {
  it('gives each named mark its fault and sends the others again', () => {
    const verdicts = verdictsOf(problem([{ pointer: '/marks/0/value', detail: '11 is outside 0 to 10' }]), changes);
    expect(Object.fromEntries(verdicts)).toEqual({ one: { refused: 'Not saved: 11 is outside 0 to 10.' }, two: 'again' });
  });

  it('refuses all where the refusal is about the whole sheet', () => {
    const reason = { refused: 'The category is judged.' };
    expect(Object.fromEntries(verdictsOf(problem([]), changes))).toEqual({ one: reason, two: reason });
  });
});
