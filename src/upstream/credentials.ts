import type { Provider } from '../registry/provider.ts';

/** The authorization header for a provider: its token, or a placeholder that an upstream without a key ignores. */
export function toCredentials(provider: Provider): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${provider.token ?? 'no-key'}` };
}
