import type { Webhook, WebhookCreate } from '../queries';

/** What is asked for when a webhook is made; everything else has its usual value and is set later. */
export type Draft = {
  kind: Webhook['kind'];
  url: string;
  name: string;
  /** A chat tool's name, or '' for a program of one's own. */
  template: '' | NonNullable<Webhook['template']>;
  everything: boolean;
  events: string[];
  start: 'now' | 'beginning' | 'time';
  startAt: string;
};

export const blank: Draft = { kind: 'http', url: '', name: '', template: '', everything: false, events: [], start: 'now', startAt: '' };

/** A name for a webhook that has none yet: the host that it sends to. */
export function nameFor(draft: Pick<Draft, 'url' | 'kind'>): string {
  if (draft.kind === 'feed') return 'Feed';
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(draft.url.trim())?.[1] ?? '';
}

/** The fields to fill in before it can be made, each with what to do. */
export function missing(draft: Draft): Partial<Record<keyof Draft, string>> {
  const found: Partial<Record<keyof Draft, string>> = {};
  if (draft.kind !== 'feed' && draft.url.trim() === '') found.url = 'Give the address that events are sent to.';
  if (draft.name.trim() === '' && nameFor(draft) === '') found.name = 'Give it a name, so that it is found again.';
  if (!draft.everything && draft.events.length === 0) found.events = 'Choose at least one, or everything.';
  if (draft.start === 'time' && Number.isNaN(Date.parse(draft.startAt))) found.startAt = 'Say from when on.';
  return found;
}

/** What the server is asked to make. */
export function bodyOf(draft: Draft): WebhookCreate {
  const startFrom = draft.start === 'time' ? new Date(draft.startAt).toISOString() : draft.start;
  return {
    name: draft.name.trim() || nameFor(draft),
    kind: draft.kind,
    url: draft.kind === 'feed' ? '' : draft.url.trim(),
    events: draft.everything ? ['*'] : draft.events,
    template: draft.kind === 'http' && draft.template !== '' ? draft.template : null,
    startFrom,
    description: '', format: 'standard', headers: {}, ordering: 'none', blocksOnDead: false, enabled: true,
  };
}
