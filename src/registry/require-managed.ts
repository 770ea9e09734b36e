import { messageOf, PaddockError } from '../errors.ts';
import { PROVIDER_KINDS, type Provider } from './provider.ts';
import type { Registry } from './registry.ts';

/**
 * The llama-swap host of a name.
 * @throws {PaddockError} where no provider has it, or one of another kind
 */
export function requireManaged(name: string, { providers }: Registry): Provider {
  const provider = providers.get(name);
  if (provider === undefined) {
    throw new PaddockError('unknown_provider', messageOf('unknown_provider'), { param: 'name' });
  }
  if (!PROVIDER_KINDS[provider.kind].running) {
    const message = `${name} is not llama-swap, which alone says what is running and unloads it.`;
    throw new PaddockError('unsupported_by_provider', message);
  }
  return provider;
}
