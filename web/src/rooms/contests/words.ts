import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type Status = Schemas['EventView']['status'];
export type CategoryState = Schemas['CategoryView']['state'];
export type EntryState = Schemas['EntryView']['state'];

type Look = Readonly<{ label: string; colour: string }>;

export const statusLook: Readonly<Record<Status, Look>> = {
  draft: { label: 'Draft', colour: 'gray' },
  open: { label: 'Open', colour: 'teal' },
  closed: { label: 'Closed', colour: 'blue' },
  archived: { label: 'Archived', colour: 'gray' },
};

export const stateLook: Readonly<Record<CategoryState, Look>> = {
  draft: { label: 'Draft', colour: 'gray' },
  judging: { label: 'Judging', colour: 'blue' },
  judged: { label: 'Judged', colour: 'grape' },
  tallied: { label: 'Tallied', colour: 'grape' },
  audited: { label: 'Audited', colour: 'grape' },
  approved: { label: 'Approved', colour: 'teal' },
  published: { label: 'Published', colour: 'teal' },
};

export const entryLook: Readonly<Record<EntryState, Look>> = {
  entered: { label: 'Entered', colour: 'teal' },
  scratched: { label: 'Scratched', colour: 'gray' },
  withdrawn: { label: 'Withdrawn', colour: 'gray' },
  dns: { label: 'Did not start', colour: 'orange' },
  dnf: { label: 'Did not finish', colour: 'orange' },
  dq: { label: 'Disqualified', colour: 'red' },
};

/** What a step of an event or contest means, and where it can go from here. */
export const statusSteps: Readonly<Record<Status, ReadonlyArray<Readonly<{ to: Status; label: string; meaning: string }>>>> = {
  draft: [
    { to: 'open', label: 'Open', meaning: 'It becomes visible to judges and contestants who have a part in it.' },
    { to: 'archived', label: 'Archive', meaning: 'It leaves the lists. Nothing is deleted; it can be brought back.' },
  ],
  open: [
    { to: 'closed', label: 'Close', meaning: 'It is over: it stays readable. It can be opened again.' },
    { to: 'draft', label: 'Back to draft', meaning: 'It is hidden from judges and contestants until it is opened again.' },
  ],
  closed: [
    { to: 'open', label: 'Open again', meaning: 'Work on it can go on.' },
    { to: 'archived', label: 'Archive', meaning: 'It leaves the lists. Nothing is deleted; it can be brought back.' },
  ],
  archived: [{ to: 'draft', label: 'Bring back', meaning: 'It is back in the lists as a draft.' }],
};

export const partWords: Readonly<Record<Schemas['CategoryView']['kind'], string>> = {
  single: 'One performance', dances: 'Dances', runs: 'Runs', rounds: 'Rounds', segments: 'Segments',
};

export const seatRoles: Readonly<Record<Schemas['SeatView']['role'], string>> = {
  regular: 'Judge', head: 'Head judge', shadow: 'Shadow judge (does not count)', tie_break: 'Tie-break judge', technical: 'Technical panel',
};

export const numberingWords = {
  inherit: 'As the event', auto: 'Given automatically', manual: 'Typed by hand', none: 'No numbers',
} as const;
