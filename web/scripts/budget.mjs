// JavaScript of a page = the entry, the page's chunk and all that either imports at once, gzipped as the server sends it.
// What people land on (the pages before signing in, the start page, the judge's sheet) has the tight limit; a page that is
// reached from those shares most with them.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = { landing: 180, further: 265 };
const LANDING = /^(?!_app)|^_app\/(index|judging\.)/;
const web = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const dist = resolve(process.argv[2] ?? join(web, '../event_manager/web_dist'));
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const size = (key) => gzipSync(readFileSync(join(dist, manifest[key].file)), { level: 9 }).length;
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const pages = Object.keys(manifest).filter((key) => key.includes('tsr-split=component'));
const behindSignIn = (key) => key.includes('/_app');
const frame = pages.filter((key) => key.includes('/_app.tsx'));
const rows = pages
  .map((key) => {
    const keys = [entry, ...(behindSignIn(key) ? frame : []), key].reduce((seen, each) => closure(each, seen), new Set());
    const kb = [...keys].reduce((sum, each) => sum + size(each), 0) / 1000;
    const name = key.replace(/^src\/routes\/|\?.*$/g, '');
    return { name, kb, limit: LANDING.test(name) ? LIMIT_KB.landing : LIMIT_KB.further };
  })
  .toSorted((a, b) => b.kb - a.kb);

for (const { name, kb, limit } of rows) console.log(`${kb.toFixed(1).padStart(7)} of ${limit} kB  ${name}`);
const over = rows.filter(({ kb, limit }) => kb > limit);
if (over.length > 0) {
  console.error(`Too much JavaScript for a page: ${over.map(({ name }) => name).join(', ')}. Load parts of it lazily or do without.`);
  process.exit(1);
}
