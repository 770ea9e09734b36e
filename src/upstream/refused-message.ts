import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';

/** Said of a provider that does not take Paddock's key, or wants one where none is set. */
export function toRefusedMessage(
  { name, kind, token }: Pick<Provider, 'name' | 'kind' | 'token'>,
  status: number,
): string {
  const change = token === null ? 'put its key before its host, as key@host,' : 'correct its key';
  return `${name} did not let Paddock in (HTTP ${status}): ${change} in ${PROVIDER_KINDS[kind].mend.key}.`;
}
