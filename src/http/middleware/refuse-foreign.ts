import type { Context } from 'hono';
import { PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import { findForeignPage, isLinkOfSameSite, type OriginHeader } from './find-foreign-page.ts';

/**
 * Refuses a request from a page of another origin, unless the origin is listed. A browser lets any page send requests
 * with a form, an image or a script, and only hides the answers. Requests that change something or make a provider work
 * need this check.
 * @throws {PaddockError} `forbidden_origin`
 */
export function refuseForeign(c: Context, { corsOrigins }: Pick<Settings, 'corsOrigins'>): void {
  const page = findForeignPage((name) => c.req.header(name), corsOrigins);
  if (page === null) return;
  const message =
    page === 'null'
      ? 'Origin "null" is not allowed: serve the page from an address, not from a file or a sandboxed frame, and add its origin to CORS_ORIGINS.'
      : `Origin "${page}" is not allowed. Add it to CORS_ORIGINS.`;
  throw new PaddockError('forbidden_origin', message);
}

/** Refuses a request from a page of any other origin, except a followed link of the same site (`UPSTREAM_PORT`). */
export function refuseOtherOrigins(c: Context): void {
  const read = (name: OriginHeader) => c.req.header(name);
  const page = findForeignPage(read, []);
  if (page === null || isLinkOfSameSite(read)) return;
  const message = `Origin "${page}" is not allowed: only pages of this port may send requests to it.`;
  throw new PaddockError('forbidden_origin', message);
}

const SERVICE_WORKER_MESSAGE =
  "A provider's script cannot be a service worker on Paddock's origin: open the provider's page on UPSTREAM_PORT.";

/** Refuses service workers' scripts: a worker would see every request of Paddock's own pages below its path. */
export function refuseServiceWorker(c: Context): void {
  if (c.req.header('service-worker') === undefined) return;
  throw new PaddockError('forbidden_origin', SERVICE_WORKER_MESSAGE);
}
