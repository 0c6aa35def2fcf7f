import type { Entry } from '../../../lib/autosave';
import { misfit, type Range } from '../../../lib/decimal';
import type { Sheet } from '../queries';

/** What one mark of an entry is for: a criterion, and the part (dance, run, ...) where the category has parts. */
export type Slot = Readonly<{ criterionId: string; part: string; name: string; range: Range }>;

export type SheetEntry = Readonly<{
  id: string;
  number: string | null;
  name: string;
  /** Why this judge gives no marks here (recused, scratched, ...); null when marks are wanted. */
  closed: string | null;
}>;

export type Mark = Readonly<{ value: string | null; comment: string; refusal: string | null }>;
export type MarkOf = (entry: string, slot: Slot) => Mark;

/** Address of a mark inside one judge's sheet. The part comes last, because it may hold any character. */
export const markKey = (entry: string, slot: Pick<Slot, 'criterionId' | 'part'>): string => `${entry}/${slot.criterionId}/${slot.part}`;

export function markOfKey(key: string): { entry: string; criterion: string; part: string } {
  const [entry = '', criterion = '', ...part] = key.split('/');
  return { entry, criterion, part: part.join('/') };
}

export function slotsOf(sheet: Pick<Sheet, 'parts' | 'criteria'>): readonly Slot[] {
  const parts = sheet.parts.length === 0 ? [''] : sheet.parts;
  return parts.flatMap((part) =>
    sheet.criteria.map(({ id, name, min, max, step }) => {
      const both = sheet.criteria.length === 1 ? part : `${part}: ${name}`;
      return { criterionId: id, part, name: part === '' ? name : both, range: { min, max, step } };
    }),
  );
}

const reasons: Readonly<Record<string, string>> = {
  scratched: 'Scratched: this entry does not take part.',
  withdrawn: 'Withdrawn: this entry does not take part.',
  dns: 'Did not start.',
  dnf: 'Did not finish.',
  dq: 'Disqualified.',
};

export function entriesOf(sheet: Pick<Sheet, 'entries'>): readonly SheetEntry[] {
  return sheet.entries.map(({ id, number, name, state, recused }) => {
    const out = state === 'entered' ? null : (reasons[state] ?? `State: ${state}.`);
    return { id, number: number ?? null, name, closed: recused ? 'You are recused from this entry. The other judges mark it.' : out };
  });
}

/** What the sheet shows: the newest typed value, or what the server holds where that is as new or newer. */
export function marksOf(
  sheet: Pick<Sheet, 'marks'>,
  typed: ReadonlyMap<string, Entry<Pick<Mark, 'value' | 'comment'>>>,
  savedRevision: (key: string) => number,
): MarkOf {
  const held = new Map(sheet.marks.map((mark) => [markKey(mark.entryId, mark), mark]));
  return (entry, slot) => {
    const key = markKey(entry, slot);
    const [own, server] = [typed.get(key), held.get(key)];
    const serverIsNew = own?.status === 'saved' && server !== undefined && server.revision >= savedRevision(key);
    if (own === undefined || serverIsNew) return { value: server?.value ?? null, comment: server?.comment ?? '', refusal: null };
    return { ...own.value, refusal: own.reason };
  };
}

export type Progress = 'none' | 'part' | 'done' | 'closed';

export function progressOf(entry: SheetEntry, slots: readonly Slot[], mark: MarkOf): Progress {
  if (entry.closed !== null) return 'closed';
  const given = slots.filter((slot) => {
    const { value, refusal } = mark(entry.id, slot);
    return value !== null && refusal === null && misfit(value, slot.range) === null;
  }).length;
  if (given === 0) return 'none';
  return given === slots.length ? 'done' : 'part';
}

/** The first entry in running order that still wants marks; the last one when none does. */
export function nextEntry(entries: readonly SheetEntry[], slots: readonly Slot[], mark: MarkOf): SheetEntry | undefined {
  return entries.find((entry) => ['none', 'part'].includes(progressOf(entry, slots, mark))) ?? entries.at(-1);
}

/** Numbers of other entries that this judge gave the same place: a ranking judge should know at once. */
export function samePlace(entry: SheetEntry, slot: Slot, entries: readonly SheetEntry[], mark: MarkOf): readonly string[] {
  const { value } = mark(entry.id, slot);
  if (value === null) return [];
  return entries
    .filter((other) => other.id !== entry.id && other.closed === null && mark(other.id, slot).value === value)
    .map((other) => other.number ?? other.name);
}
