import type { components } from '../../../api/schema';

type Revision = components['schemas']['MarkRevisionView'];

/** One change of a mark, from what to what. */
export type MarkChange = Readonly<{
  id: string;
  seat: string;
  who: string;
  what: string;
  from: string | null;
  to: string | null;
  comment: string;
  /** The comment alone changed. */
  commentOnly: boolean;
  at: string;
}>;

/** What changed with each revision, newest first. A mark's revisions come oldest first, mixed with those of others. */
export function changesOf(revisions: readonly Revision[]): readonly MarkChange[] {
  const present = new Map<string, Revision>();
  const changes = revisions.map((each): MarkChange => {
    const key = `${each.seatId}/${each.criterionId}/${each.part}`;
    const before = present.get(key);
    present.set(key, each);
    return {
      id: each.id, seat: each.seatLabel, who: each.userName, what: each.part === '' ? each.criterionName : `${each.part}: ${each.criterionName}`,
      from: before?.value ?? null, to: each.value, comment: each.comment,
      commentOnly: before !== undefined && before.value === each.value && before.comment !== each.comment, at: each.createdAt,
    };
  });
  return changes.toReversed();
}

/** The change in words: "7 → 7.5", "gave 7", "took 7 back". */
export function wordsOf({ from, to, commentOnly }: MarkChange): string {
  if (commentOnly) return 'comment changed';
  if (to === null) return from === null ? 'comment only, no mark' : `took ${from} back`;
  return from === null ? `gave ${to}` : `${from} → ${to}`;
}
