import type { LogEntry, LogType } from './queries';

const AREAS: Readonly<Record<string, string>> = {
  category: 'Categories', conflict: 'Conflicts of interest', contest: 'Contests', contestant: 'Entries', event: 'Events', judge: 'Judges',
  participant: 'Participants', rule_set: 'Rule sets', score: 'Marks and deductions', tenant: 'Organisation', user: 'People and sign-in',
};

/** The first part of a type's name: what it is about. */
export const areaOf = (name: string): string => name.split('.')[0] ?? name;

export const areaName = (area: string): string => AREAS[area] ?? capitalised(area.replaceAll('_', ' '));

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "startsOn" as "Starts on", "api_key" as "Api key". */
export const labelOf = (name: string): string =>
  capitalised(name.replaceAll('_', ' ').replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase());

/** What a type says of itself: its first sentence, without marks of code. */
export const sentenceOf = (title: string): string => (title.replaceAll('``', '').split(/\. /)[0] ?? '').replace(/\.$/, '');

/** The sentence of each type by name; a name that is no longer known stands for itself. */
export function sentences(types: readonly LogType[]): (entry: Pick<LogEntry, 'type'>) => string {
  const known = new Map(types.map(({ name, title }) => [name, sentenceOf(title)]));
  return ({ type }) => known.get(type) ?? type;
}

const KINDS: Readonly<Record<string, string>> = { api_key: 'API key', system: 'The system', anonymous: 'Nobody signed in', user: 'Somebody' };

/** Who did it, as they were called then. */
export const actorOf = ({ actor }: Pick<LogEntry, 'actor'>): string => (actor.name === '' ? (KINDS[actor.kind] ?? actor.kind) : actor.name);
