/** What may have become of a delivery. This file is read before its page is, so it imports nothing. */
const STATES = ['waiting', 'retrying', 'succeeded', 'dead', 'cancelled', 'skipped'] as const;

export type DeliveryState = (typeof STATES)[number];

/** Which deliveries a page's address asks for. */
export type DeliverySearch = Readonly<{
  /** Ids. */
  webhook?: string | undefined;
  event?: string | undefined;
  state?: DeliveryState | undefined;
  /** Name of a type of event. */
  type?: string | undefined;
}>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

export const isState = (value: unknown): value is DeliveryState => STATES.some((each) => each === value);

/** What an address asks for; what cannot be read is left out. */
export function readDeliverySearch(raw: Record<string, unknown>): DeliverySearch {
  const [event, type] = [text(raw['event']), text(raw['type'])];
  return { ...(isState(raw['state']) ? { state: raw['state'] } : {}), ...(event === undefined ? {} : { event }), ...(type === undefined ? {} : { type }) };
}
