import { describe, expect, it } from 'vitest';
import { READABLE, contrast, parseHex, readableUnderWhite, shades } from './colour';

describe('tenant colour', () => {
  it('keeps a colour that already carries white text', () => {
    expect(readableUnderWhite([0x33, 0x3d, 0xa0])).toEqual([0x33, 0x3d, 0xa0]);
  });

  it('darkens a light colour until white text is readable on it', () => {
    expect(contrast(readableUnderWhite([0xff, 0xd6, 0x00]), [255, 255, 255])).toBeGreaterThanOrEqual(READABLE);
  });

  it('gives ten shades from light to dark', () => {
    expect(shades([0x4c, 0x58, 0xd8])).toHaveLength(10);
  });

  it('refuses what is not a colour', () => {
    expect(parseHex('red; background: url(x)')).toBeNull();
  });
});
