import { PaddockError } from '../errors.ts';
import { requireModel, type ResolvedModel } from '../resolve/resolve-model.ts';
import type { ProviderKind } from './provider-kind.ts';
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

function requireNamed(name: string, { providers }: Registry): Provider {
  const provider = providers.get(name);
  if (provider !== undefined) return provider;
  const message = `No provider has this name. The providers are ${[...providers.keys()].join(', ')}.`;
  throw new PaddockError('unknown_provider', message, { param: 'name' });
}

/** The capabilities that a management request may need. */
type Manageable = 'running' | 'load' | 'unload' | 'logs';

/** A provider, and its means for a management request. */
export interface Managed<Can extends Manageable> {
  readonly provider: Provider;
  readonly manage: NonNullable<ProviderKind[Can]>;
}

/** Returns the provider with a name, and its means. Throws if there is no such provider or means. */
export function requireManaged<Can extends Manageable>(
  name: string,
  { registry, can }: { readonly registry: Registry; readonly can: Can },
): Managed<Can> {
  const provider = requireNamed(name, registry);
  const manage = provider.kind[can];
  if (manage === null) {
    const lacks =
      can === 'logs' ? 'gives no access to its log' : 'cannot report, load or unload models';
    const message = `${name} is of kind ${provider.kind.name}, which ${lacks}.`;
    throw new PaddockError('unsupported_by_provider', message);
  }
  return { provider, manage };
}
