import type { Role } from './queries';

export const roleWords: Readonly<Record<Role, Readonly<{ label: string; does: string }>>> = {
  ADMIN: { label: 'Admin', does: 'Everything in the organisation, with its people and settings.' },
  ORGANIZER: { label: 'Organizer', does: 'Sets up events, contests, entries and panels.' },
  BOARD: { label: 'Board', does: 'Reads results and approves them.' },
  TALLY_MASTER: { label: 'Tally master', does: 'Watches progress, enters paper marks and deductions.' },
  AUDITOR: { label: 'Auditor', does: 'Reads everything, changes nothing.' },
  JUDGE: { label: 'Judge', does: 'Marks the entries of the panels they sit on.' },
  EMCEE: { label: 'Emcee', does: 'Reads running orders and scripts.' },
  CONTESTANT: { label: 'Contestant', does: 'Reads own entries and results.' },
};

export const roleChoices = (['ADMIN', 'ORGANIZER', 'BOARD', 'TALLY_MASTER', 'AUDITOR', 'JUDGE', 'EMCEE', 'CONTESTANT'] as const).map((value) => ({
  value,
  label: roleWords[value].label,
}));
