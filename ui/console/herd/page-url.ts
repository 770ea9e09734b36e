import type { Provider } from '../../herd/catalog.ts';

/** Where the console itself stands. */
type Place = Pick<Location, 'protocol' | 'hostname'>;

/**
 * The address of a model's own web page, on the port for these; null where there is no such port, or where no path can name
 * the model. It ends with a slash, because such pages name their parts relative to it.
 */
export function toPageUrl(
  model: string,
  { provider, place }: { provider: Pick<Provider, 'name' | 'upstreamPort'>; place: Place },
): string | null {
  const { name, upstreamPort } = provider;
  const isPath = model.split(/[/\\]/u).every((part) => !['', '.', '..'].includes(part));
  if (upstreamPort === undefined || !isPath || !model.isWellFormed()) return null;
  const { protocol, hostname } = place;
  return `${protocol}//${hostname}:${upstreamPort}/upstream/${name}/${encodeURIComponent(model)}/`;
}
