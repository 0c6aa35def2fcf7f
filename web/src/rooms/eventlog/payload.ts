import { labelOf } from './words';

/** A line of what an entry says. */
export type Line = Readonly<{ label: string; value: string }>;

/** A field that became another one; `old` is undefined where the entry does not tell it. */
export type Change = Line & Readonly<{ old: string | undefined }>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  return isRecord(value) && Object.keys(value).length > 0
    ? Object.entries(value).map(([name, each]) => `${name}: ${shown(each)}`).join(', ')
    : 'none';
}

const change = (label: string, pair: unknown): Change =>
  Array.isArray(pair) && pair.length === 2 ? { label, old: shown(pair[0]), value: shown(pair[1]) } : { label, old: undefined, value: shown(pair) };

type Lines = Readonly<{ changes: readonly Change[]; facts: readonly Line[]; ids: readonly Line[] }>;

/** What changed field by field, facts, and apart from them ids, because they say little to a reader. */
export function linesOf(payload: Readonly<Record<string, unknown>>): Lines {
  const { changes, old, new: now, ...rest } = payload;
  const changed = isRecord(changes) ? Object.entries(changes).map(([name, pair]) => change(labelOf(name), pair)) : [];
  const state = 'old' in payload && 'new' in payload ? [{ label: 'State', old: shown(old), value: shown(now) }] : [];
  const others = Object.entries(rest).map(([name, value]) => ({ name, label: labelOf(name), value: shown(value) }));
  const isId = ({ name }: { name: string }) => /Ids?$/.test(name);
  const line = ({ label, value }: Line): Line => ({ label, value });
  return { changes: [...changed, ...state], facts: others.filter((each) => !isId(each)).map(line), ids: others.filter(isId).map(line) };
}
