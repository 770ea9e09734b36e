import type { Settings } from './settings.ts';

/** Every secret that the settings hold: what no log, trace or error may show. */
export function toSecrets(settings: Settings): readonly string[] {
  const { apiKeys, adminKeys, metricsKeys, registry, database } = settings;
  const keys = [...apiKeys, ...adminKeys, ...metricsKeys].map(({ key }) => key);
  const tokens = [...registry.providers.values()].map(({ token }) => token);
  const all = [...keys, ...tokens, database.authToken, ...readAddress(database.url)];
  return all.filter((secret): secret is string => secret !== null && secret !== '');
}

/** What an address of a database may hold beside where it is. */
function readAddress(url: string | null): string[] {
  if (url === null || !URL.canParse(url)) return [];
  const { password, searchParams } = new URL(url);
  return [password, searchParams.get('authToken') ?? ''];
}
