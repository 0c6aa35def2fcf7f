/**
 * Decimal numbers as people type them, kept as strings: marks are never floats.
 *
 * A lone comma or point is the decimal sign, whichever key the keyboard has. Text that could mean two things
 * ("1,234.5" or "1.234") is never guessed at: the first is refused, the second is read as a decimal and shown back.
 */

export type Reading =
  | Readonly<{ kind: 'empty' }>
  | Readonly<{ kind: 'number'; value: string }>
  | Readonly<{ kind: 'refused'; reason: string }>;

export type Range = Readonly<{ min: string; max: string; step: string }>;

const refused = (reason: string): Reading => ({ kind: 'refused', reason });

/** Canonical decimal text: no sign for zero, no leading or trailing zeros. */
export function canonical(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '', part = ''] = text.replace('-', '').split('.');
  const head = whole.replace(/^0+(?=\d)/, '') || '0';
  const tail = part.replace(/0+$/, '');
  const plain = tail === '' ? head : `${head}.${tail}`;
  return negative && plain !== '0' ? `-${plain}` : plain;
}

export function readDecimal(typed: string): Reading {
  const text = typed.trim().replace('\u2212', '-');
  if (text === '') return { kind: 'empty' };
  const signs = text.replace(/[^.,]/g, '');
  if (signs.length > 1) return refused('Type the number with one decimal sign and without thousands signs.');
  const plain = text.replace(',', '.');
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(plain)) return refused('This is not a number. Type digits, such as 7 or 7.5.');
  return { kind: 'number', value: canonical(plain) };
}

const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;

/** Whole units of 10^-places; exact for any length. */
const scaled = (text: string, places: number): bigint => {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(`${whole}${part.padEnd(places, '0')}`);
};

/** Why a canonical number does not fit the range and step; null when it does. */
export function misfit(value: string, range: Range): string | null {
  const places = Math.max(...[value, range.min, range.max, range.step].map(decimals));
  const [mark, min, max, step] = [value, range.min, range.max, range.step].map((text) => scaled(text, places));
  if (mark === undefined || min === undefined || max === undefined || step === undefined) return null;
  if (mark < min || mark > max) return `Give a mark from ${canonical(range.min)} to ${canonical(range.max)}.`;
  if (step > 0n && (mark - min) % step !== 0n) return `Marks go in steps of ${canonical(range.step)}.`;
  return null;
}

/** One step up or down from a mark (or from the lower end when there is none), kept within the range. */
export function stepFrom(value: string | null, by: 1 | -1, range: Range): string {
  const from = value ?? range.min;
  const places = Math.max(...[from, range.min, range.max, range.step].map(decimals));
  const [min, max, step] = [scaled(range.min, places), scaled(range.max, places), scaled(range.step, places)];
  const raw = value === null ? min : scaled(from, places) + BigInt(by) * step;
  const kept = raw < min ? min : raw > max ? max : raw;
  const digits = (kept < 0n ? -kept : kept).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return canonical(kept < 0n ? `-${text}` : text);
}
