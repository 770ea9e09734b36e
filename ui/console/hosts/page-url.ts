import type { Provider } from '../../fleet/catalog.ts';

/** The location of the console itself. */
type PageLocation = Pick<Location, 'protocol' | 'hostname'>;

/**
 * Returns the address of a model's own web page on the upstream port; null if there is no such port, or no path can
 * name the model. It ends with a slash, because such pages use relative addresses.
 */
export function toPageUrl(
  model: string,
  {
    provider,
    location,
  }: { provider: Pick<Provider, 'name' | 'upstreamPort'>; location: PageLocation },
): string | null {
  const { name, upstreamPort } = provider;
  const isPath = model.split(/[/\\]/u).every((part) => !['', '.', '..'].includes(part));
  if (upstreamPort === undefined || !isPath || !model.isWellFormed()) return null;
  const { protocol, hostname } = location;
  return `${protocol}//${hostname}:${upstreamPort}/upstream/${name}/${encodeURIComponent(model)}/`;
}
