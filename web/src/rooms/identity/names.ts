/** The two letters that stand for a person. */
export const initials = (name: string): string =>
  name.split(/\s+/).filter(Boolean).map((part) => part[0]).slice(0, 2).join('').toUpperCase();
