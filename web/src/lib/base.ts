/** A tenant without a host of its own is reached below /t/SLUG: pages and API calls alike keep that prefix. */
export const basePath: string = /^\/t\/[a-z0-9][a-z0-9-]*/.exec(globalThis.location?.pathname ?? '')?.[0] ?? '';
