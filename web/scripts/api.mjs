// Writes src/api/schema.d.ts from the server's OpenAPI document; with --check, fails if it would change.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(web, 'src/api/schema.d.ts');
const python = process.env.PYTHON ?? join(web, '../.venv/bin/python');
const options = { cwd: join(web, '..'), maxBuffer: 64 * 1024 * 1024 };
const document = JSON.parse(execFileSync(python, ['-m', 'event_manager', 'openapi'], options).toString('utf8'));
delete document.webhooks; // what is sent to others: a third of the file, and the pages never see it
delete document.components.parameters;
for (const name of Object.keys(document.components.schemas)) {
  if (/\.v\d+$/.test(name)) delete document.components.schemas[name];
}
const text = `// Made by "npm run api" from the OpenAPI document; do not edit.\n${astToString(await openapiTS(document))}`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/api/schema.d.ts is out of date: run "npm run api" in web/ and commit the result.');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
