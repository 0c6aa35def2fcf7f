/** A header in the form; `kept` while its value stays as it was, which nobody can read. */
export type HeaderRow = Readonly<{ id: number; name: string; value: string; kept: boolean }>;

export const rowsOf = (names: readonly string[]): readonly HeaderRow[] => names.map((name, id) => ({ id, name, value: '', kept: true }));

/** What the server is sent: null keeps a value, what is left out goes. Rows without a name are left out. */
export const headersOf = (rows: readonly HeaderRow[]): Record<string, string | null> =>
  Object.fromEntries(rows.filter(({ name }) => name.trim() !== '').map(({ name, value, kept }) => [name.trim(), kept ? null : value]));
