import type { Webhook, WebhookUpdate } from '../queries';
import { readObject } from '../json';
import { printJson } from '../../../lib/json-places';

/** The settings as they stand in the form. Numbers that may be left out are texts, '' for none. */
export type Values = {
  name: string;
  description: string;
  url: string;
  everything: boolean;
  events: string[];
  filter: string;
  format: Webhook['format'];
  shape: 'event' | 'template' | 'transform';
  template: NonNullable<Webhook['template']>;
  transform: string;
  ordering: Webhook['ordering'];
  blocksOnDead: boolean;
  retry: 'usual' | 'own';
  tries: string;
  waits: string;
  seconds: string;
  ratePerMinute: string;
  maxInFlight: string;
};

/** Waits of the usual schedule in seconds, after each failed try. */
export const USUAL = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

const isUsual = (schedule: readonly number[]) => schedule.every((each, at) => each === USUAL[at]);
const number = (value: number | null) => (value === null ? '' : String(value));

export function valuesOf(webhook: Webhook): Values {
  const { template, transform } = webhook;
  return {
    name: webhook.name, description: webhook.description, url: webhook.url,
    everything: webhook.events.includes('*'), events: webhook.events.filter((each) => each !== '*'),
    filter: webhook.filter === null ? '' : printJson(webhook.filter, '', 80),
    format: webhook.format, shape: template !== null ? 'template' : transform === null ? 'event' : 'transform',
    template: template ?? 'slack', transform: transform ?? '',
    ordering: webhook.ordering, blocksOnDead: webhook.blocksOnDead,
    retry: isUsual(webhook.retrySchedule) ? 'usual' : 'own', tries: String(webhook.retryAttempts), waits: webhook.retrySchedule.join(', '),
    seconds: String(webhook.timeout / 1000), ratePerMinute: number(webhook.ratePerMinute), maxInFlight: number(webhook.maxInFlight),
  };
}

const whole = (text: string): number | null => (/^\d+$/.test(text.trim()) ? Number(text) : null);

/** "5, 300" as [5, 300]; null where something else stands in it. */
export function waitsOf(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const read = parts.map(whole);
  return read.every((each) => each !== null) ? read : null;
}

const between = (text: string, least: number, most: number, said: string): string | null => {
  const value = whole(text);
  return value !== null && value >= least && value <= most ? null : said;
};

const optional = (text: string, most: number): string | null => (text.trim() === '' ? null : between(text, 1, most, `A whole number from 1 to ${most}, or empty for no limit.`));

/** What cannot be saved, field by field; null where nothing is wrong. */
export const validate = {
  name: (value: string) => (value.trim() === '' ? 'Give it a name.' : null),
  events: (value: string[], { everything }: Values) => (!everything && value.length === 0 ? 'Choose at least one, or everything.' : null),
  filter: (value: string) => readObject(value).fault?.detail ?? null,
  transform: (value: string, { shape }: Values) => (shape === 'transform' && value.trim() === '' ? 'Write an expression, or send the event as it is.' : null),
  tries: (value: string, { retry }: Values) => (retry === 'usual' ? between(value, 1, 10, 'A whole number from 1 to 10.') : null),
  waits: (value: string, { retry }: Values) => (retry === 'own' && (waitsOf(value) ?? []).length === 0 ? 'Seconds to wait after each failed try, such as 5, 60, 600.' : null),
  seconds: (value: string) => between(value, 1, 30, 'A whole number of seconds from 1 to 30.'),
  ratePerMinute: (value: string) => optional(value, 100_000),
  maxInFlight: (value: string) => optional(value, 50),
};

/** What the server is asked to change: only what differs from the settings that were read. */
export function changesOf(values: Values, before: Webhook): WebhookUpdate {
  const old = valuesOf(before);
  const same = (...names: ReadonlyArray<keyof Values>) => names.every((name) => JSON.stringify(values[name]) === JSON.stringify(old[name]));
  const http = before.kind === 'http';
  return {
    ...(same('name') ? {} : { name: values.name.trim() }),
    ...(same('description') ? {} : { description: values.description.trim() }),
    ...(same('url') ? {} : { url: values.url.trim() }),
    ...(same('everything', 'events') ? {} : { events: values.everything ? ['*'] : values.events }),
    ...(same('filter') ? {} : { filter: readObject(values.filter).value }),
    ...(same('format') ? {} : { format: values.format }),
    ...(same('shape', 'template', 'transform') ? {} : {
      template: http && values.shape === 'template' ? values.template : null, transform: values.shape === 'transform' ? values.transform.trim() : null,
    }),
    ...(same('ordering') ? {} : { ordering: values.ordering }),
    ...(same('blocksOnDead') ? {} : { blocksOnDead: values.blocksOnDead }),
    ...(same('retry', 'tries', 'waits') ? {} : values.retry === 'own' ? { retrySchedule: waitsOf(values.waits) } : { retryAttempts: whole(values.tries) }),
    ...(same('seconds') ? {} : { timeout: Number(values.seconds) * 1000 }),
    ...(same('ratePerMinute') ? {} : { ratePerMinute: whole(values.ratePerMinute) }),
    ...(same('maxInFlight') ? {} : { maxInFlight: whole(values.maxInFlight) }),
  };
}
