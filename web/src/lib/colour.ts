/** Colour arithmetic for a tenant's colour: whatever was chosen, text on it must stay readable. */

export type Rgb = readonly [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** WCAG 2.2 AA for text of normal size. */
export const READABLE = 4.5;

/** "#4450d6" or "4450d6" as three bytes; null for anything else. */
export function parseHex(text: string): Rgb | null {
  const digits = /^#?([0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (digits === undefined) return null;
  const byte = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16);
  return [byte(0), byte(2), byte(4)];
}

export const toHex = (colour: Rgb): string =>
  `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** The colour that lies `share` (0 to 1) of the way from one to the other. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (at: 0 | 1 | 2) => from[at] + (to[at] - from[at]) * share;
  return [part(0), part(1), part(2)];
}

function luminance(colour: Rgb): number {
  const linear = (part: number) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

/** WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** The nearest darker colour on which white text is readable. */
export function readableUnderWhite(colour: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const candidate = mix(colour, BLACK, share);
    if (contrast(candidate, WHITE) >= READABLE) return candidate;
  }
  return BLACK;
}

/** Ten shades, light to dark, with the given colour (made readable under white text) as number 6. */
export function shades(colour: Rgb): readonly string[] {
  const middle = readableUnderWhite(colour);
  const lighter = [0.92, 0.84, 0.68, 0.52, 0.36, 0.18].map((share) => mix(middle, WHITE, share));
  const darker = [0.16, 0.3, 0.46].map((share) => mix(middle, BLACK, share));
  return [...lighter, middle, ...darker].map(toHex);
}
