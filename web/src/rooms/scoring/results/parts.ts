/** The numbers below a total as the result document has them: by judge, criterion, part and so on. */

export type Step = Readonly<{ name: string; cells: ReadonlyArray<readonly [string, string]> }>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nested numbers as flat pairs, "Waltz / A": "1". */
function flat(value: unknown, above: string): Array<readonly [string, string]> {
  if (!isRecord(value)) return value === null || value === undefined ? [] : [[above, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => flat(inner, above === '' ? name : `${above} / ${name}`));
}

/** Steps that have several numbers; a single one stands in the explanation, where the order of the steps is told too. */
export function stepsOf(parts: Readonly<Record<string, unknown>>): readonly Step[] {
  return Object.entries(parts)
    .filter(([, value]) => isRecord(value))
    .map(([name, value]) => ({ name, cells: flat(value, '') }));
}
