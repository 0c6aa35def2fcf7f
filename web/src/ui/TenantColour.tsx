import { parseHex, shades } from '../lib/colour';

/** Lays a tenant's colour over the brand shades by CSS variables; an unusable colour changes nothing. */
export function TenantColour({ colour }: { colour: string | null | undefined }) {
  const parsed = colour ? parseHex(colour) : null;
  if (parsed === null) return null;
  const list = shades(parsed);
  const own = list.map((shade, at) => `--mantine-color-brand-${at}:${shade};`).join('');
  const derived = [
    `--mantine-color-brand-filled:${list[6]};`,
    `--mantine-color-brand-filled-hover:${list[7]};`,
    `--mantine-color-brand-light:color-mix(in srgb, ${list[6]} 12%, transparent);`,
    `--mantine-color-brand-light-hover:color-mix(in srgb, ${list[6]} 18%, transparent);`,
    '--mantine-color-brand-light-color:light-dark(var(--mantine-color-brand-9), var(--mantine-color-brand-2));',
    '--mantine-color-brand-outline:light-dark(var(--mantine-color-brand-7), var(--mantine-color-brand-3));',
  ].join('');
  return <style>{`:root:root:root{${own}${derived}}`}</style>;
}
