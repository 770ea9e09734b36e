import type { Settings } from './settings.ts';

/** Returns every secret of the settings, which no log, trace or error may show. */
export function toSecrets(settings: Settings): readonly string[] {
  const { apiKeys, adminKeys, metricsKeys, registry, database } = settings;
  const keys = [...apiKeys, ...adminKeys, ...metricsKeys].map(({ key }) => key);
  const tokens = [...registry.providers.values()].map(({ token }) => token);
  const all = [...keys, ...tokens, database.authToken, ...readAddress(database.url)];
  return all.filter((secret): secret is string => secret !== null && secret !== '');
}

/** Returns the secrets in the URL of a database. */
function readAddress(url: string | null): string[] {
  if (url === null || !URL.canParse(url)) return [];
  const { password, searchParams } = new URL(url);
  return [password, searchParams.get('authToken') ?? ''];
}
