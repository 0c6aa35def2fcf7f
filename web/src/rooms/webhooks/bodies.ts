import { printJson } from '../../lib/json-places';

/** JSON laid out for reading; anything else as it is. */
export function printBody(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? printJson(value, '', 72) : text;
  } catch {
    return text;
  }
}

/** Headers as lines; both a list of pairs and text come. */
export const printHeaders = (headers: Readonly<Record<string, string>>): string => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');
