import type { Provider } from '../registry/provider.ts';

/** The headers that let Paddock in at a provider: its own token, or a word that any open host passes over. */
export function toCredentials(provider: Provider): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${provider.token ?? 'no-key'}` };
}
