import { PaddockError } from '../errors.ts';
import { PROVIDER_KINDS, type Provider } from './provider.ts';
import type { Registry } from './registry.ts';

/** Said of a path with a name that nobody has. */
export const NO_SUCH_PROVIDER_MESSAGE =
  'No provider of that name is set up: GET /api/providers lists those that are.';

/** Said of what llama-swap alone can do. */
export function toUnmanagedMessage(name: string): string {
  return `${name} is not llama-swap, which alone says what is running and unloads it.`;
}

/**
 * The llama-swap host of a name.
 * @throws {PaddockError} where no provider has it, or one of another kind
 */
export function requireManaged(name: string, { providers }: Registry): Provider {
  const provider = providers.get(name);
  if (provider === undefined) {
    throw new PaddockError('unknown_provider', NO_SUCH_PROVIDER_MESSAGE, { param: 'name' });
  }
  if (!PROVIDER_KINDS[provider.kind].running) {
    throw new PaddockError('unsupported_by_provider', toUnmanagedMessage(name));
  }
  return provider;
}
