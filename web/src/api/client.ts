import createClient, { type Middleware } from 'openapi-fetch';
import { basePath } from '../lib/base';
import { Offline, readProblem } from './problem';
import type { paths } from './schema';

/** Turns refusals and missing answers into errors, so every caller deals with data only. */
const refusals: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return;
    const body: unknown = await response.clone().json().catch(() => null);
    throw readProblem(response, body);
  },
  onError: () => new Offline(),
};

export const api = createClient<paths>({ baseUrl: basePath, credentials: 'same-origin' });
api.use(refusals);

/** The body of a successful answer. */
export async function take<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  const { data } = await answer;
  // Refusals have been thrown by the middleware; an answer without a body is one of status 204.
  if (data === undefined) throw new Error('The server answered without the expected content.');
  return data;
}

/** For answers without a body. */
export async function done(answer: Promise<unknown>): Promise<void> {
  await answer;
}

/** A header that lets the server recognise a repeated write. */
export const newIdempotencyKey = (): string => crypto.randomUUID();
