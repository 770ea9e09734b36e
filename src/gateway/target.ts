import { isAnthropicPath } from '../errors.ts';
import { toCredentials, type Provider } from '../registry/provider.ts';
import type { HeaderRecord } from './headers.ts';

/** The destination of a request, and the credentials for it. */
export interface Target {
  readonly provider: Provider;
  /** A base URL of the provider. */
  readonly base: string;
  /** The path and query after `base`. */
  readonly path: string;
  readonly credentials: HeaderRecord;
}

/** A path and its query; the query includes the question mark. */
export interface PathAndQuery {
  readonly path: string;
  readonly query: string;
}

/** Returns an inference target: the sidecar if any. Some kinds have a separate base for Anthropic's paths. */
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

/** Returns the target of a management request: always the provider itself, never its sidecar. */
export function toManagementTarget(provider: Provider, { path, query }: PathAndQuery): Target {
  const credentials = toCredentials(provider);
  return { provider, base: provider.baseUrl, path: path + query, credentials };
}

/** Splits an absolute URL into its path and query, without changing their encoding. */
export function splitUrl(url: string): PathAndQuery {
  const start = url.indexOf('/', url.indexOf('//') + 2);
  const mark = url.indexOf('?', start);
  return mark === -1
    ? { path: url.slice(start), query: '' }
    : { path: url.slice(start, mark), query: url.slice(mark) };
}
