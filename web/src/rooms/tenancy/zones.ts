/** Time zones that this browser knows, UTC first; the present one always among them. */
export function zoneChoices(present: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set(['UTC', present, ...known])];
}

/** "14:05 there now", or nothing for a name that this browser does not know. */
export function timeIn(zone: string, now: Date = new Date()): string {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(now);
  } catch {
    return '';
  }
}

/** "German (Germany)" for de-DE, in English as the pages are; the tag itself where it has no name. */
export function localeName(tag: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
