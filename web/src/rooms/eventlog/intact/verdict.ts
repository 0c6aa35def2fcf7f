import { count } from '../../../lib/count';
import type { Verification } from './queries';

export type Verdict = Readonly<{ good: boolean; title: string; says: readonly string[] }>;

/** What verifying found, in sentences. */
export function verdictOf({ intact, entries, seals, unsealed, retiredMonths, faults }: Verification): Verdict {
  const open = unsealed === 0 ? [] : [`${count(unsealed, 'entry is', 'entries are')} newer than the last seal and will be sealed within a second or two.`];
  if (!intact) return { good: false, title: 'The log was changed', says: [...faults.map(({ problem }) => sentence(problem)), ...open] };
  if (entries === 0) return { good: true, title: 'Nothing is sealed yet', says: open };
  const retired = retiredMonths === 0 ? [] : [`${count(retiredMonths, 'month was', 'months were')} dropped by retention; of those the hashes were checked.`];
  return {
    good: true, title: 'The log is as it was written',
    says: [`All of ${count(entries, 'sealed entry', 'sealed entries')} under ${count(seals, 'seal')} were computed anew, and each is what was sealed.`, ...retired, ...open],
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
