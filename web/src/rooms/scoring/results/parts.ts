/** The steps of a total as the result document has them: a number, or numbers by judge, criterion, part and so on. */

export type Step = Readonly<{ name: string; total: string | null; cells: ReadonlyArray<readonly [string, string]> }>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nested numbers as flat pairs, "Waltz / A": "1". */
function flat(value: unknown, above: string): Array<readonly [string, string]> {
  if (!isRecord(value)) return value === null || value === undefined ? [] : [[above, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => flat(inner, above === '' ? name : `${above} / ${name}`));
}

/** Steps in order; a step that repeats the number before it (one part, one category) adds nothing and is left out. */
export function stepsOf(parts: Readonly<Record<string, unknown>>): readonly Step[] {
  const steps: Step[] = [];
  for (const [name, value] of Object.entries(parts)) {
    const step = isRecord(value) ? { name, total: null, cells: flat(value, '') } : { name, total: flat(value, '')[0]?.[1] ?? '', cells: [] };
    if (step.total === null || step.total !== steps.at(-1)?.total) steps.push(step);
  }
  return steps;
}
