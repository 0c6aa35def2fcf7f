/** A field of a type's payload as its JSON Schema says it. */
export type Field = Readonly<{ name: string; type: string; required: boolean; about: string }>;

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const FORMATS: Readonly<Record<string, string>> = { uuid: 'id', 'date-time': 'time', date: 'date', email: 'e-mail address', time: 'time of day' };

function listed(schemas: readonly unknown[], whole: Json): string {
  const said = [...new Set(schemas.map((each) => typeOf(each, whole)))];
  return said.join(' or ');
}

function referred(pointer: string, whole: Json): unknown {
  return pointer.replace(/^#\//, '').split('/').reduce((at: unknown, name) => (isRecord(at) ? at[name] : undefined), whole);
}

/** What may stand in a field, in words. */
export function typeOf(schema: unknown, whole: Json): string {
  if (!isRecord(schema)) return 'anything';
  if (typeof schema['$ref'] === 'string') return typeOf(referred(schema['$ref'], whole), whole);
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((each) => JSON.stringify(each)).join(' or ');
  const either = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(either)) return listed(either, whole);
  if (Array.isArray(schema['prefixItems'])) return `list of ${schema['prefixItems'].map((each) => typeOf(each, whole)).join(', ')}`;
  const type = text(schema['type']);
  if (type === 'array') return `list of ${typeOf(schema['items'], whole)}`;
  if (type === 'object' && isRecord(schema['additionalProperties'])) return `names with ${typeOf(schema['additionalProperties'], whole)}`;
  if (type === 'null') return 'nothing';
  if (type === 'string') return FORMATS[text(schema['format'])] ?? 'text';
  return { boolean: 'yes or no', integer: 'whole number', number: 'number', object: 'object' }[type] ?? 'anything';
}

/** The fields of a payload in the order in which the schema names them. */
export function fieldsOf(schema: Json): readonly Field[] {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  return Object.entries(properties).map(([name, each]) => ({
    name, type: typeOf(each, schema), required: required.has(name), about: isRecord(each) ? text(each['description']) : '',
  }));
}
