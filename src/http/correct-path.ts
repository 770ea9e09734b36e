import { getPath } from 'hono/utils/url';
import { splitUrl } from '../gateway/target.ts';

/** A path that is served in place of the one that a client sent. */
export interface Correction {
  /** The path, percent-encoded as the client sent it. */
  readonly path: string;
  /** The fault of the client's base URL, for the header `x-paddock-note` and the log. */
  readonly note: string;
}

/** Returns the correction of a path, percent-encoded and without a query; null if it needs none, or has none. */
export type CorrectPath = (path: string) => Correction | null;

/** The paths that end in a model ID, which may hold any characters. */
const ID_PATH = /^(models|api\/+favorites)\/+(.+)$/su;

const DOUBLED = 'The path has /v1 twice. Remove /v1 from the end of the base URL.';
const MISSING = 'The path lacks /v1. Add /v1 to the end of the base URL.';
const SLASHES = 'The path has extra slashes. Remove them from the base URL.';

/**
 * Creates the function that corrects paths of clients whose base URL is slightly wrong: with repeated slashes, a slash at
 * the end, `/v1` twice, or without `/v1`. Other paths, those that some route serves, and those below `/upstream/` stay as
 * they are.
 */
export function createCorrectPath(isRouted: (path: string) => boolean): CorrectPath {
  return (path) => {
    if (!isSuspicious(path) || isRouted(path)) return null;
    const [, versions = '', rest = ''] = /^\/+((?:v1\/+)*)(.*)$/su.exec(path) ?? [];
    const [, folder, id] = ID_PATH.exec(rest) ?? [];
    const clean =
      folder === undefined
        ? withoutExtraSlashes(rest)
        : `${withoutExtraSlashes(folder)}/${id ?? ''}`;
    if (clean === '' || clean.startsWith('upstream/')) return null;
    if (versions === '' && isRouted(`/${clean}`)) return { path: `/${clean}`, note: SLASHES };
    const meant = `/v1/${clean}`;
    if (!isRouted(meant)) return null;
    if (versions === '') return { path: meant, note: MISSING };
    return { path: meant, note: versions.split('v1').length > 2 ? DOUBLED : SLASHES };
  };
}

/** Returns the decoded path by which a request is routed. */
export function toRoutePath(request: Request, correctPath: CorrectPath): string {
  const correction = correctPath(splitUrl(request.url).path);
  // Hono's function reads only the URL.
  return getPath(correction === null ? request : new Request(`http://paddock${correction.path}`));
}

/** A quick test: the paths of almost all requests pass it, and the other checks cost more. */
function isSuspicious(path: string): boolean {
  if (path.startsWith('/upstream/')) return false;
  if (!path.startsWith('/v1/') && !path.startsWith('/api/')) return path !== '/';
  return path.startsWith('/v1/v1/') || path.endsWith('/') || path.includes('//');
}

function withoutExtraSlashes(path: string): string {
  return path.replaceAll(/\/{2,}/gu, '/').replace(/\/$/u, '');
}
