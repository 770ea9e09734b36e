import type { Context, MiddlewareHandler } from 'hono';
import { auth as readBasic } from 'hono/utils/basic-auth';
import type { Clock } from '../../clock.ts';
import { messageOf, PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import { createCallers, readCaller, setCaller, type Caller } from './caller.ts';
import type { Log } from '../../telemetry/log.ts';
import { readExchange } from './observe.ts';
import { toNetwork } from './to-network.ts';
import { BURST, createWrongKeys } from './wrong-keys.ts';

/** The setting that names the keys which open a route. */
type KeyVariable = 'API_KEYS' | 'ADMIN_KEYS' | 'METRICS_KEYS';

function toNoKeyMessage(variable: KeyVariable): string {
  return `This Paddock asks for a key: ${toHow(variable)}.`;
}

function toWrongKeyMessage(variable: KeyVariable): string {
  return `The key that was sent is none of this Paddock's: ${toHow(variable)}.`;
}

const ADMIN_ONLY_MESSAGE = 'This key may not administer: send one of ADMIN_KEYS.';

function toHow(variable: KeyVariable): string {
  return `send one of ${variable} as authorization: Bearer KEY, or as x-api-key: KEY`;
}

/** How a 401 says what to send. */
type Challenge = Readonly<Record<'www-authenticate', string>>;

/** Never `Basic`: browsers would open a login box of their own. */
const BEARER_CHALLENGE: Challenge = { 'www-authenticate': 'Bearer realm="paddock"' };

/** For providers' own pages, which know of no key of Paddock's: a browser asks for it, and sends it as the password. */
export const BASIC_CHALLENGE: Challenge = {
  'www-authenticate': 'Basic realm="paddock: the key is the password", charset="UTF-8"',
};

const METRICS_ROUTE = '/metrics';

/** How often a warning of wrong keys is logged at most, in milliseconds. */
const WARNING_MS = 60_000;

/** Reads the address that a request came from; null where the runtime does not tell. */
export type ReadAddress = (request: Request) => string | null;

/** What decides who may do what. */
export interface Access {
  /**
   * Lets only those pass who have a key, where the settings ask for one; none where they ask for none, so that no request
   * has a step more for it.
   * @throws {PaddockError} `unauthorized`, `forbidden_key`
   */
  requireKey(challenge?: Challenge): MiddlewareHandler[];
  /**
   * Lets only those pass who may administer; everybody who comes this far where there are no `ADMIN_KEYS`.
   * @throws {PaddockError} `unauthorized`, `forbidden_key`
   */
  readonly adminOnly: MiddlewareHandler;
  /** Who sends a request. */
  toCaller(c: Context): Caller;
}

/** How a request without a right key is answered. */
interface Refused {
  readonly variable: KeyVariable;
  readonly challenge: Challenge;
}

/** Makes what decides who may do what, by the settings' keys. */
export function createAccess(options: {
  settings: Settings;
  clock: Clock;
  log: Pick<Log, 'warn'>;
  readAddress: ReadAddress;
}): Access {
  const { apiKeys, adminKeys, metricsKeys } = options.settings;
  const callers = createCallers(options.settings);
  const holdBack = createHoldBack(options);
  const needsKey = apiKeys.length > 0;
  const needsMetricsKey = needsKey || metricsKeys.length > 0;

  const refuse = async (c: Context, { variable, challenge }: Refused): Promise<never> => {
    if (readKeys(c).length === 0) {
      throw new PaddockError('unauthorized', toNoKeyMessage(variable), { headers: challenge });
    }
    const headers = { ...challenge, ...(await holdBack(c)) };
    throw new PaddockError('unauthorized', toWrongKeyMessage(variable), { headers });
  };

  const toIdentify =
    (challenge: Challenge): MiddlewareHandler =>
    async (c, next) => {
      const isMetrics = readExchange(c).route === METRICS_ROUTE;
      const isLocked = isMetrics ? needsMetricsKey : needsKey;
      if (!isLocked && adminKeys.length === 0) return next();
      const caller = callers.find(readKeys(c));
      if (caller === null || (caller.isScraper && !isMetrics)) {
        if (isLocked && caller !== null)
          throw new PaddockError('forbidden_key', messageOf('forbidden_key'));
        const variable = isMetrics && !needsKey ? 'METRICS_KEYS' : 'API_KEYS';
        if (isLocked) return refuse(c, { variable, challenge });
        setCaller(c, callers.anonymous);
        return next();
      }
      setCaller(c, caller);
      readExchange(c).client = caller.key?.name ?? null;
      return next();
    };

  const toCaller = (c: Context) => readCaller(c) ?? callers.anonymous;

  return {
    requireKey: (challenge = BEARER_CHALLENGE) =>
      needsMetricsKey || adminKeys.length > 0 ? [toIdentify(challenge)] : [],
    adminOnly: async (c, next) => {
      if (toCaller(c).isAdmin) return next();
      if (callers.find(readKeys(c)) === null) {
        return refuse(c, { variable: 'ADMIN_KEYS', challenge: BEARER_CHALLENGE });
      }
      throw new PaddockError('forbidden_key', ADMIN_ONLY_MESSAGE);
    },
    toCaller,
  };
}

/**
 * Makes what holds back the answer to a wrong key where too many come from one network: a guess then costs a connection for
 * seconds, and a right key nothing. Answers further headers of that answer.
 */
function createHoldBack({
  clock,
  log,
  readAddress,
}: {
  clock: Clock;
  log: Pick<Log, 'warn'>;
  readAddress: ReadAddress;
}) {
  const wrongKeys = createWrongKeys();
  let quietUntil = Number.NEGATIVE_INFINITY;
  return async (c: Context): Promise<Readonly<Record<string, string>>> => {
    const now = clock.monotonic();
    const address = readAddress(c.req.raw);
    const network = address === null ? null : toNetwork(address);
    const waitMs = wrongKeys.count(network, now);
    if (waitMs === 0) return {};
    if (now >= quietUntil) {
      quietUntil = now + WARNING_MS;
      const from = network ?? 'an address that is not known';
      log.warn(
        `More than ${BURST} wrong keys came from ${from}: answers to further ones are slowed`,
      );
    }
    await clock.sleep(waitMs);
    return { 'retry-after': String(Math.ceil(waitMs / 1000)) };
  };
}

/** The keys that a request carries, in whichever of the ways that clients of llama-swap know. */
function readKeys(c: Context): string[] {
  const [, bearer] = /^bearer +(\S+)$/iu.exec(c.req.header('authorization') ?? '') ?? [];
  return [bearer, c.req.header('x-api-key'), readBasic(c.req.raw)?.password].filter(
    (key) => key !== undefined,
  );
}
