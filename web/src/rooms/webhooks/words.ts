import { showAgo, showDateTime } from '../../lib/dates';
import type { DeliveryState } from './deliveries/search';
import type { Webhook } from './queries';

export const KINDS: Readonly<Record<Webhook['kind'], { label: string; does: string }>> = {
  http: { label: 'Web address', does: 'Every event is sent to your server as it happens, signed.' },
  feed: { label: 'Feed to fetch', does: 'Your program asks for what is new whenever it likes; nothing has to be reachable from here.' },
  nats: { label: 'NATS JetStream', does: 'Every event is published to a subject of your NATS server.' },
};

export const FORMATS: Readonly<Record<Webhook['format'], { label: string; does: string }>> = {
  standard: { label: 'Standard Webhooks', does: 'The whole event as JSON. The usual choice.' },
  'cloudevents-structured': { label: 'CloudEvents, structured', does: 'One JSON document with the attributes of CloudEvents 1.0.' },
  'cloudevents-binary': { label: 'CloudEvents, binary', does: 'The payload as body, the attributes of CloudEvents as headers.' },
  thin: { label: 'Thin', does: 'Only what happened and to what; your program reads the rest through the API.' },
};

export const TEMPLATES: Readonly<Record<NonNullable<Webhook['template']>, string>> = {
  slack: 'Slack', teams: 'Microsoft Teams', discord: 'Discord', mattermost: 'Mattermost', 'google-chat': 'Google Chat',
};

export const ORDERS: Readonly<Record<Webhook['ordering'], { label: string; does: string }>> = {
  none: { label: 'None', does: 'Fastest. Several are sent at the same time, so a later one may arrive first.' },
  key: { label: 'By subject', does: 'Events about the same thing arrive in their order; others do not wait for them.' },
  strict: { label: 'Strict', does: 'One after the other, in the order in which they happened. Slowest.' },
};

type Colour = 'teal' | 'orange' | 'red' | 'gray' | 'blue';
type Said = Readonly<{ label: string; colour: Colour; tells: string }>;

const DEGRADED = 'The last tries failed, so only one delivery at a time is tried until one gets through. Nothing is lost: the others wait.';

/** How an endpoint is, in a word and a sentence; switched off comes before how sending went. */
export function healthOf({ enabled, disabledReason, health }: Pick<Webhook, 'enabled' | 'disabledReason' | 'health'>): Said {
  if (!enabled) return { label: 'Off', colour: 'gray', tells: disabledReason === '' ? 'Switched off. What happens meanwhile waits.' : disabledReason };
  const since = health.failingSince === null ? '' : ` Failing since ${showDateTime(health.failingSince)}.`;
  if (health.state === 'paused') return { label: 'Paused', colour: 'red', tells: `Nothing got through for days, so nothing is sent any more until it is resumed. What happens meanwhile waits.${since}` };
  if (health.state === 'degraded') {
    const next = health.nextProbeAt === null ? '' : ` Next try ${showAgo(health.nextProbeAt)}.`;
    return { label: 'Failing', colour: 'orange', tells: `${DEGRADED}${since}${next}` };
  }
  return { label: 'Healthy', colour: 'teal', tells: 'Deliveries get through.' };
}

export const STATES: Readonly<Record<DeliveryState, Said>> = {
  waiting: { label: 'Waiting', colour: 'gray', tells: 'It is about to be sent, or held because the webhook is off or failing.' },
  retrying: { label: 'Retrying', colour: 'orange', tells: 'A try failed; the next one follows.' },
  succeeded: { label: 'Delivered', colour: 'teal', tells: 'The receiver took it.' },
  dead: { label: 'Given up', colour: 'red', tells: 'Every try failed. It is not tried again by itself.' },
  cancelled: { label: 'Cancelled', colour: 'gray', tells: 'Somebody cancelled it before it was delivered.' },
  skipped: { label: 'Skipped', colour: 'gray', tells: 'It was passed over when the webhook was resumed, or by a filter that came later.' },
};

/** Milliseconds as a person would say them. */
export function showMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms >= 10_000) return `${Math.round(ms / 1000)} s`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;
}

/** Seconds as a person would say them, in the largest unit that needs no fraction of note. */
export function showSeconds(seconds: number): string {
  const steps = [[86_400, 'd'], [3600, 'h'], [60, 'min']] as const;
  for (const [size, unit] of steps) {
    if (seconds >= size) return `${Number((seconds / size).toFixed(1))} ${unit}`;
  }
  return `${seconds} s`;
}

/** "waiting" as it is counted: up to a bound. */
export const showWaiting = ({ waiting, waitingIsExact }: Pick<Webhook, 'waiting' | 'waitingIsExact'>): string => `${waiting}${waitingIsExact ? '' : ' or more'}`;
