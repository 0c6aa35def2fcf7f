/** RFC 9457 refusals of the server as one error class that views and forms understand. */

export type FieldFault = Readonly<{ pointer: string; detail: string }>;

export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly correlationId: string | null,
    readonly faults: readonly FieldFault[],
    /** Seconds after which a retry makes sense, where the server said so. */
    readonly retryAfter: number | null,
  ) {
    super(detail || title);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function readFaults(value: unknown): FieldFault[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((fault) => ({ pointer: text(fault['pointer']), detail: text(fault['detail']) }));
}

/** What the server answered, read defensively: a proxy in between may answer HTML or nothing at all. */
export function readProblem(response: Response, body: unknown): Problem {
  const said = isRecord(body) ? body : {};
  const retry = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new Problem(
    response.status,
    text(said['code']) || `http-${response.status}`,
    text(said['title']) || (response.status >= 500 ? 'The server cannot answer just now' : 'The request was refused'),
    text(said['detail']),
    text(said['correlationId']) || response.headers.get('X-Correlation-ID'),
    readFaults(said['errors']),
    Number.isFinite(retry) ? retry : null,
  );
}

/** No answer at all: the network or the server is away. Worth a retry, unlike a refusal. */
export class Offline extends Error {
  override readonly name = 'Offline';

  constructor() {
    super('No connection to the server. Check the network; what you typed is kept.');
  }
}

/** "/body/name" or "/name" as "name"; "/marks/0/value" as "marks.0.value". */
export const fieldPath = (pointer: string): string =>
  pointer.replace(/^#?\//, '').replace(/^body\//, '').replaceAll('/', '.');

/** Faults by form field, for a form's setErrors; faults of fields the form lacks stay with the error view. */
export function faultsByField(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(error.faults.map((fault) => [fieldPath(fault.pointer), fault.detail]));
}
