import { printJson } from '../../../lib/json-places';
import type { RuleSet } from '../queries';

const first = ['name', 'title', 'source', 'reads'];
const isEmpty = (value: unknown) => value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

/** The text to begin with: without the version, which is given at saving, and without what says nothing. */
export function startingText({ document }: RuleSet, asNew: boolean): string {
  const named = asNew ? { ...document, name: `own-${String(document['name'])}`.slice(0, 60), title: `${String(document['title'])} (own)` } : document;
  const said = Object.entries(named).filter(([name, value]) => name !== 'version' && !isEmpty(value));
  const rank = ([name]: [string, unknown]) => (first.includes(name) ? first.indexOf(name) : first.length);
  return printJson(Object.fromEntries(said.toSorted((a, b) => rank(a) - rank(b))));
}
