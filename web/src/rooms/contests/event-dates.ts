import { showDate } from '../../lib/dates';
import type { EventView } from './queries';

/** The days of an event in words. */
export function dates(event: Pick<EventView, 'startsOn' | 'endsOn'>): string {
  if (event.startsOn === null) return event.endsOn === null ? 'No date yet' : `until ${showDate(event.endsOn)}`;
  if (event.endsOn === null || event.endsOn === event.startsOn) return showDate(event.startsOn);
  return `${showDate(event.startsOn)} to ${showDate(event.endsOn)}`;
}
