import { messageOf, PaddockError } from '../errors.ts';
import type { ProviderKind } from './provider-kind.ts';
import type { Provider } from './provider.ts';
import type { Registry } from './registry.ts';

/** A provider, and its means for a management request. */
export interface Managed<Can extends 'running' | 'unload'> {
  readonly provider: Provider;
  readonly manage: NonNullable<ProviderKind[Can]>;
}

/** Returns the provider with a name, and its means. Throws if there is no such provider or means. */
export function requireManaged<Can extends 'running' | 'unload'>(
  name: string,
  { registry, can }: { readonly registry: Registry; readonly can: Can },
): Managed<Can> {
  const provider = registry.providers.get(name);
  if (provider === undefined) {
    throw new PaddockError('unknown_provider', messageOf('unknown_provider'), { param: 'name' });
  }
  const manage = provider.kind[can];
  if (manage === null) {
    const message = `${name} is of kind ${provider.kind.name}, which cannot report or unload loaded models.`;
    throw new PaddockError('unsupported_by_provider', message);
  }
  return { provider, manage };
}
