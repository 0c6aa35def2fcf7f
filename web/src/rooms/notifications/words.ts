import { count } from '../../lib/count';
import type { Preferences } from './queries';

/** A number that fits a small badge. */
export const shortCount = (unread: number): string => (unread > 99 ? '99+' : String(unread));

export const bellLabel = (unread: number): string => (unread === 0 ? 'Notifications' : `Notifications: ${count(unread, 'is', 'are')} not read`);

type Mail = Preferences['kinds'][number]['mail'];

export const MAIL: Readonly<Record<Mail, string>> = { off: 'No mail', at_once: 'Mail at once', digest: 'In the daily mail' };

export const isMail = (value: string | null): value is Mail => value !== null && value in MAIL;
