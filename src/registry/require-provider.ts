import { requireModel, type ResolvedModel } from '../resolve/resolve-model.ts';
import type { Provider } from './provider.ts';
import type { Registry } from './registry.ts';

/**
 * The provider that an ID means, and what the ID means there.
 * @throws {PaddockError} where it means nothing
 */
export function requireProvider(
  text: string,
  registry: Registry,
): { readonly provider: Provider; readonly resolved: ResolvedModel } {
  const resolved = requireModel(text, registry);
  return { provider: findProvider(resolved, registry), resolved };
}

/** The provider of what an ID was resolved to by the same registry. */
export function findProvider(
  { provider: name }: Pick<ResolvedModel, 'provider'>,
  registry: Registry,
): Provider {
  const provider = registry.providers.get(name);
  if (provider === undefined) throw new Error('A resolved provider is not in the registry');
  return provider;
}
