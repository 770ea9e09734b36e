import type { Context, MiddlewareHandler } from 'hono';
import { auth as readBasic } from 'hono/utils/basic-auth';
import { PaddockError } from '../errors.ts';
import type { ApiKey } from '../registry/api-keys.ts';
import { findKey } from './find-key.ts';
import { readExchange } from './observe.ts';

const HOW = 'send one of API_KEYS as authorization: Bearer KEY, or as x-api-key: KEY';

/** What is said to whoever sends no key. */
export const NO_KEY_MESSAGE = `This Paddock asks for a key: ${HOW}.`;
const WRONG_KEY_MESSAGE = `The key that was sent is none of this Paddock's: ${HOW}.`;

const API_KEY = 'apiKey';

/** The key that let a request in; null where none is asked for. */
export function readApiKey(c: Context): ApiKey | null {
  return (c.get(API_KEY) as ApiKey | undefined) ?? null;
}

/** How a 401 says what to send. */
type Challenge = Readonly<Record<'www-authenticate', string>>;

/** Never `Basic`: browsers would open a login box of their own. */
const BEARER_CHALLENGE: Challenge = { 'www-authenticate': 'Bearer realm="paddock"' };

/** For providers' own pages, which know of no key of Paddock's: a browser asks for it, and sends it as the password. */
export const BASIC_CHALLENGE: Challenge = {
  'www-authenticate': 'Basic realm="paddock: the key is the password", charset="UTF-8"',
};

/**
 * Makes the middleware that lets nobody pass without one of the keys; none where there are none, so that no request has a
 * step more for it.
 * @throws {PaddockError} `unauthorized`
 */
export function requireKey(
  apiKeys: readonly ApiKey[],
  challenge: Challenge = BEARER_CHALLENGE,
): MiddlewareHandler[] {
  if (apiKeys.length === 0) return [];
  return [
    async (c, next) => {
      const given = readKeys(c);
      const apiKey = findKey(given, apiKeys);
      if (apiKey === null) {
        const message = given.length === 0 ? NO_KEY_MESSAGE : WRONG_KEY_MESSAGE;
        throw new PaddockError('unauthorized', message, { headers: challenge });
      }
      c.set(API_KEY, apiKey);
      readExchange(c).client = apiKey.name;
      await next();
    },
  ];
}

/** The keys that a request carries, in whichever of the ways that clients of llama-swap know. */
function readKeys(c: Context): string[] {
  const [, bearer] = /^bearer +(\S+)$/iu.exec(c.req.header('authorization') ?? '') ?? [];
  return [bearer, c.req.header('x-api-key'), readBasic(c.req.raw)?.password].filter(
    (key) => key !== undefined,
  );
}
