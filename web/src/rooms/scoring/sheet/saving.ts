import type { QueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey, take } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { Autosave, type Change, type Verdict } from '../../../lib/autosave';
import { sheetQuery } from '../queries';
import { markOfKey } from './model';

/** A mark as a judge gave it; null: none, or taken back. */
export type MarkValue = Readonly<{ value: string | null; comment: string }>;

/** Statuses that say nothing about the marks themselves: worth another try, as after a broken network. */
const passing = (problem: Problem): boolean => problem.status >= 500 || [401, 408, 429].includes(problem.status);

/** A refusal of a batch, shared out: its faults to their marks, another try for the marks it does not speak of. */
export function verdictsOf(problem: Problem, changes: readonly Change<MarkValue>[]): ReadonlyMap<string, Verdict> {
  const reasons = new Map<number, string>();
  for (const fault of problem.faults) {
    const at = /^\/marks\/(\d+)\//.exec(fault.pointer)?.[1];
    if (at !== undefined) reasons.set(Number(at), `Not saved: ${fault.detail}.`);
  }
  const verdict = (at: number): Verdict => {
    if (reasons.size === 0) return { refused: problem.detail || problem.title };
    const reason = reasons.get(at);
    return reason === undefined ? 'again' : { refused: reason };
  };
  return new Map(changes.map((change, at) => [change.id, verdict(at)]));
}

/** What this browser kept of unanswered marks; anything else found there is left alone. */
function loadPending(place: string): Change<MarkValue>[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isChange) : [];
  } catch {
    return [];
  }
}

function isChange(value: unknown): value is Change<MarkValue> {
  if (typeof value !== 'object' || value === null || !('id' in value && 'key' in value && 'value' in value)) return false;
  return typeof value.id === 'string' && typeof value.key === 'string' && isMark(value.value);
}

function isMark(value: unknown): value is MarkValue {
  if (typeof value !== 'object' || value === null || !('value' in value && 'comment' in value)) return false;
  return (value.value === null || typeof value.value === 'string') && typeof value.comment === 'string';
}

export type Saver = Readonly<{
  queue: Autosave<MarkValue>;
  /** Revision of the last value of this mark that this page has had saved. */
  savedRevision: (key: string) => number;
}>;

/** The way of one judge's marks to the server. */
export function makeSaver(client: QueryClient, categoryId: string, seatId: string): Saver {
  const query = sheetQuery(categoryId);
  const own = new Map<string, number>();
  const place = `marks ${seatId}`;
  const wire = ({ id, key, value }: Change<MarkValue>) => {
    const { entry, criterion, part } = markOfKey(key);
    const held = client.getQueryData(query.queryKey)?.marks.find((mark) => mark.entryId === entry && mark.criterionId === criterion && mark.part === part);
    const revision = Math.max(own.get(key) ?? 0, held?.revision ?? 0);
    return { key: id, entryId: entry, criterionId: criterion, part, value: value.value, comment: value.comment, revision };
  };
  const send = async (changes: readonly Change<MarkValue>[]): Promise<ReadonlyMap<string, Verdict>> => {
    const marks = changes.map(wire);
    try {
      const { saved } = await take(api.POST('/api/scoring/categories/{categoryId}/marks', { params: { path: { categoryId } }, body: { marks } }));
      const keys = new Map(changes.map((change) => [change.id, change.key]));
      for (const mark of saved) own.set(keys.get(mark.key) ?? '', mark.revision);
      return new Map();
    } catch (error) {
      if (!(error instanceof Problem) || passing(error)) throw error;
      void client.invalidateQueries({ queryKey: query.queryKey });
      return verdictsOf(error, changes);
    }
  };
  const queue = new Autosave<MarkValue>({
    send,
    delay: (attempt) => Math.min(30_000, 1000 * 2 ** (attempt - 1)) * (0.8 + Math.random() * 0.4),
    newId: newIdempotencyKey,
    store: {
      load: () => loadPending(place),
      save: (pending) => (pending.length === 0 ? localStorage.removeItem(place) : localStorage.setItem(place, JSON.stringify(pending))),
    },
  });
  return { queue, savedRevision: (key) => own.get(key) ?? 0 };
}
