import type { Context } from 'hono';
import { PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import { findForeignPage, isLinkOfSameSite, type Clue } from './find-foreign-page.ts';

/**
 * Refuses what a page of another origin sends, listed ones apart: a browser lets any page send requests, with a form, an
 * image or a script, and only keeps their answers from it. For what changes something or has a host work.
 * @throws {PaddockError} `forbidden_origin`
 */
export function refuseForeign(c: Context, { corsOrigins }: Pick<Settings, 'corsOrigins'>): void {
  const page = findForeignPage((name) => c.req.header(name), corsOrigins);
  if (page !== null) throw new PaddockError('forbidden_origin', toForeignMessage(page));
}

/**
 * Refuses what a page of any other origin sends, listed ones too; a link of the same site may be followed. For
 * `UPSTREAM_PORT`, where a GET may load a model.
 * @throws {PaddockError} `forbidden_origin`
 */
export function refuseOtherOrigins(c: Context): void {
  const read = (name: Clue) => c.req.header(name);
  const page = findForeignPage(read, []);
  if (page === null || isLinkOfSameSite(read)) return;
  const message = `A page of ${page === 'null' ? 'no origin' : page} may not do this: only pages of this port may.`;
  throw new PaddockError('forbidden_origin', message);
}

/** The message for a script that is asked for as a service worker. */
const SERVICE_WORKER_MESSAGE =
  "A provider's script may not become a service worker of Paddock's pages: open the provider's page on UPSTREAM_PORT.";

/**
 * Refuses what a browser asks for as the script of a service worker, which would see every request of Paddock's own pages
 * below its path.
 * @throws {PaddockError} `forbidden_origin`
 */
export function refuseServiceWorker(c: Context): void {
  if (c.req.header('service-worker') === undefined) return;
  throw new PaddockError('forbidden_origin', SERVICE_WORKER_MESSAGE);
}

/** What is said of a request that a page of another origin sent. */
export function toForeignMessage(page: string): string {
  if (page === 'null') {
    return 'A page without an origin, such as a file or a sandboxed frame, may not do this: serve it from an address, and list that in CORS_ORIGINS.';
  }
  return `A page of ${page} may not do this: list its origin in CORS_ORIGINS where it should.`;
}
