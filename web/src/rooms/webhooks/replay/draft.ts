import type { ReplayRequest } from './queries';

/** What is replayed, as it stands in the form. */
export type Draft = {
  webhookIds: string[];
  eventTypes: string[];
  which: ReplayRequest['which'];
  /** Local times; '' for none. */
  from: string;
  to: string;
  entityId: string;
  asNew: boolean;
  ratePerMinute: string;
};

export const blank = (webhook: string | undefined): Draft => ({
  webhookIds: webhook === undefined ? [] : [webhook], eventTypes: [], which: 'failed', from: '', to: '', entityId: '', asNew: false, ratePerMinute: '600',
});

export const WHICH: Readonly<Record<Draft['which'], { label: string; does: string }>> = {
  failed: { label: 'Only what was given up', does: 'Events whose delivery failed at every try, and was not made since.' },
  'never-sent': { label: 'Only what was never sent', does: 'Events from before the webhook was set up, or that were skipped.' },
  all: { label: 'Everything', does: 'Also what arrived. Receivers know it again by its id, unless it is sent as new.' },
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function missing(draft: Draft): Partial<Record<keyof Draft, string>> {
  const found: Partial<Record<keyof Draft, string>> = {};
  if (draft.webhookIds.length === 0) found.webhookIds = 'Choose at least one webhook.';
  if (draft.entityId.trim() !== '' && !UUID.test(draft.entityId.trim())) found.entityId = 'An id looks like 019a1fd2-8a3c-7e01-9c55-2f7d6b3c1a20.';
  if (draft.from !== '' && draft.to !== '' && draft.from >= draft.to) found.to = 'It must be later than the first time.';
  const rate = Number(draft.ratePerMinute);
  if (!/^\d+$/.test(draft.ratePerMinute.trim()) || rate < 1 || rate > 60_000) found.ratePerMinute = 'A whole number from 1 to 60000.';
  return found;
}

const time = (local: string) => (local === '' ? null : new Date(local).toISOString());

/** What the server is asked: to count only, or to begin, for a reason. */
export const requestOf = (draft: Draft, reason: string | null): ReplayRequest => ({
  webhookIds: draft.webhookIds, eventTypes: draft.eventTypes, which: draft.which, from: time(draft.from), to: time(draft.to),
  entityId: draft.entityId.trim() || null, entityType: null, asNew: draft.asNew, ratePerMinute: Number(draft.ratePerMinute), reason: reason ?? 'only counted', dryRun: reason === null,
});
