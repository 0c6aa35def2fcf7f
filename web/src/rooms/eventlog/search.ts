/** What the page's address says: which entries are asked for, and which one is open. */
export type LogSearch = Readonly<{
  /** Names of types, or a whole area as "score.*". */
  type?: readonly string[];
  q?: string;
  /** Ids. */
  actor?: string;
  entity?: string;
  correlation?: string;
  /** RFC 3339, UTC. */
  from?: string;
  to?: string;
  entry?: string;
}>;

/** The router reads "?q=12" as a number; here everything is text. */
const text = (value: unknown): string | undefined =>
  (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : undefined;

const time = (value: unknown): string | undefined => {
  const said = text(value);
  return said === undefined || Number.isNaN(Date.parse(said)) ? undefined : said;
};

/** Leaves out what is not asked for, so that the address holds nothing empty. */
export function compact(search: LogSearch): LogSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== '' && value.length > 0));
}

/** What an address asks for; what cannot be read is left out. */
export function readSearch(raw: Record<string, unknown>): LogSearch {
  const types = (Array.isArray(raw['type']) ? raw['type'] : [raw['type']]).map(text).filter((name) => name !== undefined);
  return compact({
    type: types, q: text(raw['q']), actor: text(raw['actor']), entity: text(raw['entity']), correlation: text(raw['correlation']),
    from: time(raw['from']), to: time(raw['to']), entry: text(raw['entry']),
  });
}
