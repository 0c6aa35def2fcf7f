/** Where each value of a JSON text stands, so that a fault named by its pointer can be shown in the text. */

export type Place = Readonly<{ start: number; end: number }>;

/** What is wrong with the text itself, and where. */
export class NotJson extends Error {
  override readonly name = 'NotJson';

  constructor(
    words: string,
    readonly at: number,
  ) {
    super(words);
  }
}

const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /-?\d[\d.eE+-]*|true|false|null/y;
const SPACE = /\s*/y;

class Reader {
  at = 0;
  readonly places = new Map<string, Place>();

  constructor(readonly text: string) {}

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[0];
  }

  peek(): string {
    this.match(SPACE);
    return this.text[this.at] ?? '';
  }

  private take(wanted: string, words: string): void {
    if (this.peek() !== wanted) throw new NotJson(words, this.at);
    this.at += 1;
  }

  private key(): string {
    this.peek();
    const start = this.at;
    const found = this.match(STRING);
    if (found === null) throw new NotJson('A name in quotation marks is missing here.', start);
    return String(JSON.parse(found)).replaceAll('~', '~0').replaceAll('/', '~1');
  }

  /** Items up to the closing bracket; a comma too many or too few is said as that. */
  private items(close: string, item: (at: number) => void): void {
    this.at += 1;
    if (this.peek() === close) {
      this.at += 1;
      return;
    }
    for (let index = 0; ; index += 1) {
      item(index);
      if (this.peek() === close) break;
      const before = this.at;
      this.take(',', `A comma or ${close} is missing here.`);
      if (this.peek() === close) throw new NotJson(`There is a comma too many before ${close}.`, before);
    }
    this.at += 1;
  }

  value(pointer: string): void {
    const first = this.peek();
    const start = this.at;
    if (first === '{') {
      this.items('}', () => {
        const name = this.key();
        this.take(':', 'A colon is missing here.');
        this.value(`${pointer}/${name}`);
      });
    } else if (first === '[') {
      this.items(']', (index) => this.value(`${pointer}/${index}`));
    } else if (this.match(STRING) === null && this.match(WORD) === null) {
      throw new NotJson(first === '"' ? 'This text has no closing quotation mark.' : 'A value is missing here; text stands in quotation marks.', start);
    }
    this.places.set(pointer, { start, end: this.at });
  }
}

/** Places by pointer, the whole text at "". Throws NotJson. */
export function placesOf(text: string): ReadonlyMap<string, Place> {
  const reader = new Reader(text);
  reader.value('');
  if (reader.peek() !== '') throw new NotJson('Something stands after the end of the rules.', reader.at);
  return reader.places;
}

/** The place of a pointer, or of the nearest thing above it: what is missing has no place of its own. */
export function placeOf(places: ReadonlyMap<string, Place>, pointer: string): Place {
  for (let path = pointer; ; path = path.slice(0, path.lastIndexOf('/'))) {
    const found = places.get(path);
    if (found !== undefined) return found;
    if (path === '') return { start: 0, end: 0 };
  }
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** JSON with what is short on one line, as a person would write it. */
export function printJson(value: unknown, indent = '', width = 100): string {
  const flat = JSON.stringify(value).replace(/("(?:[^"\\]|\\.)*")|([,:])/g, (_, text: string | undefined, sign: string | undefined) => text ?? `${sign} `);
  if (flat.length + indent.length <= width || typeof value !== 'object' || value === null) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((each) => printJson(each, inner, width))
    : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${printJson(each, inner, width)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`;
}
