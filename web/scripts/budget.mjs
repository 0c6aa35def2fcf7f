// First load = the entry and everything it imports statically, plus the chunk of the largest single
// first page a visitor can land on (sign-in). Measured gzipped, as the server sends it.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const LIMIT_KB = 180;
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
const rows = [['(shell only)', closure(entry)], ...pages.map((key) => [key, closure(key, new Set(closure(entry)))])]
  .map(([name, keys]) => ({ name, kb: [...keys].reduce((sum, key) => sum + size(key), 0) / 1000 }))
  .sort((a, b) => b.kb - a.kb);

for (const { name, kb } of rows) console.log(`${kb.toFixed(1).padStart(7)} kB  ${name}`);
const over = rows.filter(({ kb }) => kb > LIMIT_KB);
if (over.length > 0) {
  console.error(`First load over ${LIMIT_KB} kB gzipped: ${over.map(({ name }) => name).join(', ')}. Load it lazily or do without.`);
  process.exit(1);
}
