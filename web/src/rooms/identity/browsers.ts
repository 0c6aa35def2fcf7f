const browsers: ReadonlyArray<readonly [RegExp, string]> = [
  [/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari'],
];
const systems: ReadonlyArray<readonly [RegExp, string]> = [
  [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux'],
];
const find = (list: typeof browsers, agent: string) => list.find(([pattern]) => pattern.test(agent))?.[1];

/** "Chrome on Linux" for a user agent; its first words where neither is known. */
export function browserOf(agent: string): string {
  const [browser, system] = [find(browsers, agent), find(systems, agent)];
  if (browser === undefined) return agent.slice(0, 40) || 'Unknown program';
  return system === undefined ? browser : `${browser} on ${system}`;
}
