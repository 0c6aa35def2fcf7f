import { Problem } from '../../../api/problem';
import { NotJson, lineOf, placeOf, placesOf, type Place } from '../../../lib/json-places';

/** A fault of the rules in the text: what it is about, what is wrong, where it stands. */
export type Fault = Readonly<{ about: string; detail: string; line: number; place: Place }>;

const lists: Readonly<Record<string, string>> = {
  stages: 'Stage', ties: 'Tie breaker', criteria: 'Criterion', cases: 'Worked example', bands: 'Band', seats: 'Seat',
};

/** "/stages/1/over" as "Stage 2, over". */
export function aboutOf(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  const words: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [name = '', next = ''] = parts.slice(at);
    const counted = /^\d+$/.test(next);
    if (counted) words.push(`${lists[name] ?? `${name}, entry`} ${Number(next) + 1}`);
    else words.push(name);
    if (counted) at += 1;
  }
  return words.length === 0 ? 'The whole' : words.join(', ');
}

export type Reading = Readonly<{ document: Record<string, unknown> | null; faults: readonly Fault[] }>;

/** What stands in the text; a text that is no JSON object has one fault. */
export function readText(text: string): Reading {
  try {
    placesOf(text);
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return { document: { ...document }, faults: [] };
    return { document: null, faults: [{ about: 'The whole', detail: 'Rules stand in braces { }.', line: 1, place: { start: 0, end: 0 } }] };
  } catch (error) {
    // What the scan lets pass and JSON.parse does not (a number such as 1.2.3) has no place.
    const at = error instanceof NotJson ? error.at : 0;
    const detail = error instanceof NotJson ? error.message : 'A number or an escape is not written as JSON asks.';
    return { document: null, faults: [{ about: 'The text', detail, line: lineOf(text, at), place: { start: at, end: at + 1 } }] };
  }
}

/** Faults that the server found in the document of this text. */
export function refusedIn(text: string, error: unknown): readonly Fault[] {
  if (!(error instanceof Problem)) return [];
  const places = placesOf(text);
  return error.faults.map(({ pointer, detail }) => {
    const path = pointer.replace(/^(\/body)?\/document/, '');
    const place = placeOf(places, path);
    return { about: aboutOf(path), detail, line: lineOf(text, place.start), place };
  });
}
