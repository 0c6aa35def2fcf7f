import { Problem } from '../../api/problem';
import { NotJson, lineOf, placeOf, placesOf, type Place } from '../../lib/json-places';

/** What is wrong at a place of a text. */
export type Fault = Readonly<{ detail: string; line: number; place: Place }>;
export type Json = Record<string, unknown>;
export type Reading = Readonly<{ value: Json | null; fault: Fault | null }>;

/** The JSON object in a text; an empty text is none, and no fault. */
export function readObject(text: string): Reading {
  if (text.trim() === '') return { value: null, fault: null };
  try {
    placesOf(text);
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: { ...value }, fault: null };
    return { value: null, fault: { detail: 'It must stand in braces { }.', line: 1, place: { start: 0, end: text.length } } };
  } catch (error) {
    const at = error instanceof NotJson ? error.at : 0;
    const detail = error instanceof NotJson ? error.message.replace('the end of the rules', 'the closing brace') : 'A number or an escape is not written as JSON asks.';
    return { value: null, fault: { detail, line: lineOf(text, at), place: { start: at, end: at + 1 } } };
  }
}

/** What the server found wrong in the object of this text; pointers lead into the object. */
export function placed(text: string, faults: ReadonlyArray<Readonly<{ pointer: string; detail: string }>>): readonly Fault[] {
  if (faults.length === 0 || readObject(text).value === null) return [];
  const places = placesOf(text);
  return faults.map(({ pointer, detail }) => {
    const place = placeOf(places, pointer);
    return { detail: pointer === '' ? detail : `${pointer.slice(1).replaceAll('/', '.')}: ${detail}`, line: lineOf(text, place.start), place };
  });
}

type Refused = Readonly<{ pointer: string; detail: string }>;

/** Faults of a refusal at or below a pointer of its body, as pointers from there. */
export const below = (error: unknown, at: string): readonly Refused[] =>
  error instanceof Problem
    ? error.faults
        .map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/body/, ''), detail }))
        .filter(({ pointer }) => pointer === at || pointer.startsWith(`${at}/`))
        .map(({ pointer, detail }) => ({ pointer: pointer.slice(at.length), detail }))
    : [];
