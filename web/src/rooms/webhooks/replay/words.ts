import type { Replay } from './queries';

export const REPLAY_STATES: Readonly<Record<Replay['state'], { label: string; colour: 'blue' | 'orange' | 'gray' | 'teal' }>> = {
  running: { label: 'Running', colour: 'blue' }, paused: { label: 'Paused', colour: 'orange' }, cancelled: { label: 'Cancelled', colour: 'gray' }, completed: { label: 'Complete', colour: 'teal' },
};

/** How much of it was handed to the senders, in percent. */
export const shareOf = ({ total, queued }: Pick<Replay, 'total' | 'queued'>): number => (total === 0 ? 100 : Math.min(100, (100 * queued) / total));

/** How long it takes at its rate, in minutes, at least one. */
export const minutesOf = (total: number, ratePerMinute: number): number => Math.max(1, Math.ceil(total / ratePerMinute));
