import { PaddockError } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';

const UPSTREAM = '/upstream/';

const UNKNOWN_PROVIDER_MESSAGE =
  'The path does not name a provider: write /upstream/{provider}/{model}/..., with a name from /api/providers.';

/** The message for a path that would leave `/upstream/` or the base path of the provider. */
const DOTS_MESSAGE =
  'A path below /upstream/ cannot contain "." or ".." between slashes, percent-encoded or not.';

const SLASH = /\/|\\|%2f|%5c/iu;
const DOTS = /^(?:\.|%2e){1,2}$/iu;

/**
 * Removes the provider's name from `/upstream/{provider}/{model}/...` and leaves the rest of the path unchanged. The slash
 * after the name may be percent-encoded, because clients may encode a composite ID.
 * @throws {PaddockError} if no provider has that name, the provider has no such route, or the path leaves `/upstream/`
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
  if (provider.kind.servers === null) {
    const message = `${name} is of kind ${provider.kind.name}, which has no /upstream/: call its models through /v1/.`;
    throw new PaddockError('unsupported_by_provider', message);
  }
  const own = rest.slice(end).replace(/^(?:\/|%2f)/iu, '');
  // URL parsers do not resolve dots after an encoded slash, but a server that decodes the path later would.
  if (own.split(SLASH).some((part) => DOTS.test(part))) {
    throw new PaddockError('invalid_request', DOTS_MESSAGE);
  }
  return { provider, path: UPSTREAM + own };
}

/**
 * Returns the `location` that a client gets for a provider's redirect, or null where the redirect is not passed on. Only a
 * redirect within the provider's own `/upstream/` is passed on, rewritten to Paddock's. A client that followed any other
 * would send its Paddock key elsewhere, or repeat its request to a Paddock route that the provider chose.
 * @param asked the URL that the provider was asked
 */
export function toClientLocation(
  location: string,
  { provider, asked }: { readonly provider: Provider; readonly asked: string },
): string | null {
  if (!URL.canParse(location, asked)) return null;
  // `URL` follows the rules of browsers, which remove tabs and treat a backslash as a slash.
  const { origin, pathname, search, hash } = new URL(location, asked);
  const base = new URL(provider.baseUrl);
  if (origin !== base.origin) return null;
  // A reverse proxy in front of the provider may add the base path without the provider knowing it.
  const own = [base.pathname.replace(/\/$/u, '') + UPSTREAM, UPSTREAM].find((prefix) =>
    pathname.startsWith(prefix),
  );
  if (own === undefined) return null;
  return `${UPSTREAM}${provider.name}/${pathname.slice(own.length)}${search}${hash}`;
}
