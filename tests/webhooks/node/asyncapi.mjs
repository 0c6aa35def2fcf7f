// Reads an AsyncAPI document from standard input, writes what the reference parser finds wrong as a JSON list.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const ERROR = 0;
const { document, diagnostics } = await new Parser().parse(readFileSync(0, 'utf8'));
const errors = diagnostics.filter(({ severity }) => severity === ERROR);
process.stdout.write(
  JSON.stringify({
    errors: errors.map(({ message, path }) => `/${path.join('/')}: ${message}`),
    messages: document ? document.allMessages().all().map((message) => message.name() ?? message.id()) : [],
  }),
);
