// The house rules of the front end that a general linter does not know:
// app > routes > rooms > ui, api, lib; rooms never import rooms; no barrels; files stay small.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_LINES = 250;
const GENERATED = new Set(['api/schema.d.ts', 'app/route-tree.gen.ts']);
const MAY_IMPORT = {
  app: ['app', 'routes', 'rooms', 'ui', 'api', 'lib'],
  routes: ['app', 'routes', 'rooms', 'ui', 'api', 'lib'],
  rooms: ['rooms', 'ui', 'api', 'lib'],
  ui: ['ui', 'api', 'lib'],
  api: ['api', 'lib'],
  lib: ['lib'],
  testing: ['testing', 'ui', 'api', 'lib'],
};
const src = resolve(dirname(fileURLToPath(import.meta.url)), '../src');

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
  .map((entry) => relative(src, join(entry.parentPath, entry.name)))
  .filter((file) => !GENERATED.has(file));

const place = (file) => file.split('/');
const found = [];
for (const file of files) {
  const text = readFileSync(join(src, file), 'utf8');
  const lines = text.split('\n').length;
  const [layer, room] = place(file);
  if (lines > MAX_LINES) found.push(`${file}: ${lines} lines, at most ${MAX_LINES}; split it by purpose`);
  if (/\/index\.tsx?$/.test(file) && layer !== 'routes') found.push(`${file}: a barrel; import the file that holds the thing`);
  if (/^\s*export\s+(\*|\{[^}]*\})\s+from\s/m.test(text)) found.push(`${file}: re-exports; import from where it is defined`);
  if (/\bas (any|unknown as)\b/.test(text)) found.push(`${file}: casts through any or unknown; parse instead`);
  for (const [, target] of text.matchAll(/from '(\.{1,2}\/[^']+)'/g)) {
    const to = relative(src, resolve(src, dirname(file), target));
    const [toLayer, toRoom] = place(to);
    if (GENERATED.has(`${to}.ts`) || GENERATED.has(`${to}.d.ts`)) continue;
    if (!MAY_IMPORT[layer]?.includes(toLayer)) found.push(`${file}: ${layer} may not import ${to}`);
    if (layer === 'routes' && toLayer === 'app') found.push(`${file}: routes may not import app`);
    if (layer === 'rooms' && toLayer === 'rooms' && toRoom !== room) found.push(`${file}: room ${room} imports room ${toRoom}`);
  }
}
if (found.length > 0) {
  console.error(found.join('\n'));
  process.exit(1);
}
console.log(`House rules hold in ${files.length} files.`);
