/** Times arrive as RFC 3339 UTC and are shown in the reader's zone and language. */

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export const showDateTime = (iso: string): string => dateTime.format(new Date(iso));

/** A calendar date ("2027-05-01") has no zone: read as local noon it cannot slip to the day before. */
export const showDate = (iso: string): string => date.format(new Date(iso.length === 10 ? `${iso}T12:00` : iso));

export function showAgo(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const steps: ReadonlyArray<[Intl.RelativeTimeFormatUnit, number]> = [['day', 86_400], ['hour', 3600], ['minute', 60]];
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(0, 'minute');
}
