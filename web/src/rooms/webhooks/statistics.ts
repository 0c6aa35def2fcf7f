/** One hour of an endpoint's deliveries. Times in milliseconds, null where nothing was sent. */
export type Bucket = Readonly<{ at: string; succeeded: number; failed: number; dead: number; p50Ms: number | null; p95Ms: number | null }>;

export type Totals = Readonly<{ succeeded: number; dead: number }>;

/** The share of finished deliveries that got through; "none" where none was made. Never 100 % while one was given up. */
export function successRate({ succeeded, dead }: Totals): string {
  const all = succeeded + dead;
  if (all === 0) return 'none';
  const percent = (100 * succeeded) / all;
  const shown = percent === 100 || percent < 99 ? Math.round(percent) : Math.min(99.9, Math.floor(percent * 10) / 10);
  return `${shown} % of ${all}`;
}

/** The next larger "round" number, for the top of a scale. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((each) => each * size >= value) ?? 10;
  return step * size;
}
