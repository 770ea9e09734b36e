import { PaddockError } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';

const UPSTREAM = '/upstream/';

/** Said of `/upstream/` without a provider. */
const UNKNOWN_PROVIDER_MESSAGE =
  'The path names no registered provider: write /upstream/{provider}/{model}/..., with a name of /api/providers.';

/** The error for `/upstream/` at a provider whose kind has no such route. */
function toNoUpstreamMessage({ name, kind }: Provider): string {
  return `${name} is of kind ${kind.name}, which has no /upstream/: call its models through /v1/.`;
}

/** Said of a path that would lead out of `/upstream/`, or out of the base path of the host. */
const DOTS_MESSAGE =
  'No path below /upstream/ has "." or ".." between its slashes, percent-encoded or not.';

const SLASH = /\/|\\|%2f|%5c/iu;
const DOTS = /^(?:\.|%2e){1,2}$/iu;

/**
 * Takes the provider's name out of `/upstream/{provider}/{model}/...`; the rest of the path stays as it was written. The
 * slash behind the name may be percent-encoded, as clients send a composite ID.
 * @throws {PaddockError} where no provider has that name, or the provider has no such route, or the path leads elsewhere
 */
export function readUpstreamPath(
  path: string,
  providers: ReadonlyMap<string, Provider>,
): { provider: Provider; path: string } {
  const rest = path.slice(UPSTREAM.length);
  const end = rest.search(/\/|%2f|$/iu);
  const name = rest.slice(0, end);
  const provider = providers.get(name);
  if (provider === undefined) {
    throw new PaddockError('unknown_provider', UNKNOWN_PROVIDER_MESSAGE);
  }
  if (!provider.kind.can.upstream) {
    throw new PaddockError('unsupported_by_provider', toNoUpstreamMessage(provider));
  }
  const own = rest.slice(end).replace(/^(?:\/|%2f)/iu, '');
  // Behind an encoded slash no URL parser has seen to them, and whoever decodes the path on its way will.
  if (own.split(SLASH).some((part) => DOTS.test(part))) {
    throw new PaddockError('invalid_request', DOTS_MESSAGE);
  }
  return { provider, path: UPSTREAM + own };
}

/**
 * Where a redirect of a provider leads its clients, or null where it is not passed on. Only one within the provider's own
 * `/upstream/` is, and leads to it here. A client that followed any other would take along the key that is meant for
 * Paddock, or send its request once more to a route of Paddock's that the provider chose.
 * @param asked the URL that the provider was asked
 */
export function toClientLocation(
  location: string,
  { provider, asked }: { readonly provider: Provider; readonly asked: string },
): string | null {
  if (!URL.canParse(location, asked)) return null;
  // By the rules of browsers, which drop tabs and take a backslash for a slash.
  const { origin, pathname, search, hash } = new URL(location, asked);
  const base = new URL(provider.baseUrl);
  if (origin !== base.origin) return null;
  // A reverse proxy in front of the provider may have added the base path, of which the provider does not know.
  const own = [base.pathname.replace(/\/$/u, '') + UPSTREAM, UPSTREAM].find((prefix) =>
    pathname.startsWith(prefix),
  );
  if (own === undefined) return null;
  return `${UPSTREAM}${provider.name}/${pathname.slice(own.length)}${search}${hash}`;
}
