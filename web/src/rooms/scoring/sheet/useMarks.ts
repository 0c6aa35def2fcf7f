import { useWindowEvent } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import type { Status } from '../../../lib/autosave';
import type { Sheet } from '../queries';
import { markKey, marksOf, type MarkOf, type Slot } from './model';
import { makeSaver, type MarkValue } from './saving';

type Step = Readonly<{ key: string; before: MarkValue }>;

export type Marks = Readonly<{
  mark: MarkOf;
  status: Status;
  put: (entry: string, slot: Slot, change: Partial<MarkValue>) => void;
  /** Takes back the last change of this visit; null when there is none. */
  undo: (() => void) | null;
}>;

/** One judge's marks: what the server holds, what was typed since, and how far that has got. */
export function useMarks(sheet: Sheet): Marks {
  const client = useQueryClient();
  const [{ queue, savedRevision }] = useState(() => makeSaver(client, sheet.categoryId, sheet.seatId));
  const typed = useSyncExternalStore(queue.subscribe, queue.snapshot);
  const [steps, setSteps] = useState<readonly Step[]>([]);
  useWindowEvent('online', () => queue.retryNow());

  const mark = marksOf(sheet, typed.entries, savedRevision);
  const put = (entry: string, slot: Slot, change: Partial<MarkValue>) => {
    const key = markKey(entry, slot);
    const { value, comment } = mark(entry, slot);
    setSteps([...steps, { key, before: { value, comment } }]);
    queue.put(key, { value, comment, ...change });
  };
  const last = steps.at(-1);
  const undo = () => {
    if (last === undefined) return;
    setSteps(steps.slice(0, -1));
    queue.put(last.key, last.before);
  };
  return { mark, status: typed.overall, put, undo: last === undefined ? null : undo };
}
