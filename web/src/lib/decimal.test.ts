import { describe, expect, it } from 'vitest';
import { canonical, misfit, readDecimal, stepFrom } from './decimal';

const range = { min: '0', max: '10', step: '0.25' };

describe('reading a typed mark', () => {
  it.each([
    ['7', '7'], ['7.5', '7.5'], ['7,5', '7.5'], [' 7,50 ', '7.5'], ['.5', '0.5'], ['007', '7'], ['-0', '0'], ['1.234', '1.234'],
  ])('reads %j as %s', (typed, value) => {
    expect(readDecimal(typed)).toEqual({ kind: 'number', value });
  });

  it.each(['1,234.5', '1.234,5', '7..5', 'seven', '7 5', '1e3', '٧'])('refuses %j instead of guessing', (typed) => {
    expect(readDecimal(typed).kind).toBe('refused');
  });

  it('knows an empty field from a zero', () => {
    expect(readDecimal('  ')).toEqual({ kind: 'empty' });
  });
});

describe('range and step', () => {
  it.each(['0', '10', '9.75', '0.25'])('accepts %s', (value) => {
    expect(misfit(value, range)).toBeNull();
  });

  it('names the range for a mark outside it', () => {
    expect(misfit('10.25', range)).toBe('Give a mark from 0 to 10.');
  });

  it('names the step for a mark off it', () => {
    expect(misfit('9.8', range)).toBe('Marks go in steps of 0.25.');
  });

  it('counts steps from the lower end', () => {
    expect(misfit('1.5', { min: '0.5', max: '9.5', step: '1' })).toBeNull();
  });

  it('is exact where binary fractions are not', () => {
    expect(misfit('0.3', { min: '0', max: '1', step: '0.1' })).toBeNull();
  });
});

describe('stepping', () => {
  it.each([['7', 1, '7.25'], ['10', 1, '10'], ['0', -1, '0'], ['9.75', 1, '10'], ['-0.25', 1, '0']] as const)('%s by %i is %s', (from, by, to) => {
    expect(stepFrom(from, by, { ...range, min: from.startsWith('-') ? '-1' : '0' })).toBe(to);
  });

  it('starts at the lower end', () => {
    expect(stepFrom(null, 1, { min: '1', max: '6', step: '0.5' })).toBe('1');
  });

  it('writes numbers one way only', () => {
    expect(canonical('08.500')).toBe('8.5');
  });
});
