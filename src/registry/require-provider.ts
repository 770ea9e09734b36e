import { requireModel, type ResolvedModel } from '../resolve/resolve-model.ts';
import type { Provider } from './provider.ts';
import type { Registry } from './registry.ts';

/** Returns the provider that an ID means, and the resolved model. Throws if it means none. */
export function requireProvider(
  text: string,
  registry: Registry,
): { readonly provider: Provider; readonly resolved: ResolvedModel } {
  const resolved = requireModel(text, registry);
  return { provider: findProvider(resolved, registry), resolved };
}

/** Returns the provider of a model that the same registry resolved. */
export function findProvider(
  { provider: name }: Pick<ResolvedModel, 'provider'>,
  registry: Registry,
): Provider {
  const provider = registry.providers.get(name);
  if (provider === undefined) throw new Error('A resolved provider is not in the registry');
  return provider;
}
