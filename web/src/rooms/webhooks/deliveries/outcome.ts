import { showAgo } from '../../../lib/dates';
import type { DeliveryState } from './search';

/** What the sender notes instead of a status, in words. */
const ERRORS: Readonly<Record<string, string>> = {
  'blocked-address': 'the address is not allowed', 'bad-url': 'the address cannot be used', dns: 'no server of this name', connect: 'nobody answers there',
  timeout: 'no answer in time', tls: 'no secure connection', 'connection-lost': 'the connection broke off', 'bad-header': 'a header cannot be sent',
  protocol: 'the answer was no HTTP', 'too-large': 'the answer does not end', aborted: 'broken off', internal: 'a fault of ours',
};

/** A status of HTTP, or why there was none. What only repeats the status is left out. */
export function answerOf({ status, error: noted }: Readonly<{ status: number | null; error: string }>): string {
  const error = noted === `status ${status}` ? '' : noted;
  if (status !== null) return error === '' ? `answer ${status}` : `answer ${status}: ${ERRORS[error] ?? error}`;
  return error === '' ? 'not tried yet' : (ERRORS[error] ?? error);
}

type Said = Readonly<{ state: DeliveryState; held: boolean; status: number | null; error: string; nextAt: string | null }>;

/** What became of a delivery, in a few words. */
export function outcomeOf(delivery: Said, now: number = Date.now()): string {
  const answer = answerOf(delivery);
  if (delivery.held) return `${answer}; held`;
  if (delivery.state === 'retrying' && delivery.nextAt !== null) {
    const due = new Date(delivery.nextAt).getTime() <= now ? 'due now' : showAgo(delivery.nextAt, now);
    return `${answer}; next try ${due}`;
  }
  if (delivery.state === 'waiting' || ((delivery.state === 'cancelled' || delivery.state === 'skipped') && delivery.status === null && delivery.error === '')) return 'not tried yet';
  return answer;
}
