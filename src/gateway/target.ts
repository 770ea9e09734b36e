import { isAnthropicPath } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';
import { toCredentials } from '../upstream/credentials.ts';
import type { HeaderRecord } from './headers.ts';

/** Where a request goes, and what lets it in there. */
export interface Target {
  readonly provider: Provider;
  /** A base URL of the provider. */
  readonly base: string;
  /** The path and query behind it. */
  readonly path: string;
  readonly credentials: HeaderRecord;
}

/** A path and the query behind it, the question mark included. */
export interface PathAndQuery {
  readonly path: string;
  readonly query: string;
}

/** Where a provider takes inference requests: at its sidecar where it has one. Anthropic's paths have a base of their own at some kinds. */
export function toInferenceTarget(provider: Provider, { path, query }: PathAndQuery): Target {
  const base = provider.sidecarUrl ?? provider.baseUrl;
  const credentials = toCredentials(provider);
  if (!isAnthropicPath(path)) return { provider, base, path: path + query, credentials };
  return {
    provider,
    base,
    path: provider.kind.anthropicBase + path + query,
    credentials: { ...credentials, 'x-api-key': provider.token ?? 'no-key' },
  };
}

/** Where a provider takes what is its own business: always at itself. */
export function toManagementTarget(provider: Provider, { path, query }: PathAndQuery): Target {
  const credentials = toCredentials(provider);
  return { provider, base: provider.baseUrl, path: path + query, credentials };
}

/** The path and query of an absolute URL, as they were written. */
export function splitUrl(url: string): PathAndQuery {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const mark = url.indexOf('?', start);
  return mark === -1
    ? { path: url.slice(start), query: '' }
    : { path: url.slice(start, mark), query: url.slice(mark) };
}
