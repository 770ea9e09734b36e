import { messageOf, PaddockError } from '../errors.ts';
import type { Provider } from './provider.ts';
import type { Registry } from './registry.ts';

/**
 * Returns the provider with a name and a management capability.
 * @throws {PaddockError} if there is no such provider, or its kind lacks the capability
 */
export function requireManaged(
  name: string,
  { registry, can }: { readonly registry: Registry; readonly can: 'running' | 'unload' },
): Provider {
  const provider = registry.providers.get(name);
  if (provider === undefined) {
    throw new PaddockError('unknown_provider', messageOf('unknown_provider'), { param: 'name' });
  }
  if (!provider.kind.can[can]) {
    const message = `${name} is of kind ${provider.kind.name}, which cannot report or unload loaded models.`;
    throw new PaddockError('unsupported_by_provider', message);
  }
  return provider;
}
