import type { Context, MiddlewareHandler, Next } from 'hono';
import { auth as readBasic } from 'hono/utils/basic-auth';
import type { Clock } from '../../clock.ts';
import { messageOf, PaddockError } from '../../errors.ts';
import type { Settings } from '../../settings/settings.ts';
import { createCallers, readCaller, setCaller } from './caller.ts';
import type { Log } from '../../telemetry/log.ts';
import { readExchange } from './observe.ts';
import { BURST, createWrongKeys, toNetwork } from './wrong-keys.ts';

/** The setting with the keys that open a route. */
type KeyVariable = 'API_KEYS' | 'ADMIN_KEYS' | 'METRICS_KEYS';

const ADMIN_ONLY_MESSAGE = 'This key is not an admin key: send one of ADMIN_KEYS.';

/** The header in which a 401 states what the client must send. */
type Challenge = Readonly<Record<'www-authenticate', string>>;

/** Never `Basic`: browsers would open their own login dialog. */
const BEARER_CHALLENGE: Challenge = { 'www-authenticate': 'Bearer realm="paddock"' };

/** For providers' own pages, which do not send Paddock's key: the browser asks for it and sends it as the password. */
export const BASIC_CHALLENGE: Challenge = {
  'www-authenticate': 'Basic realm="paddock: the key is the password", charset="UTF-8"',
};

const METRICS_ROUTE = '/metrics';

/** The minimum time between two warnings of wrong keys, in milliseconds. */
const WARNING_MS = 60_000;

/** Reads the client's address of a request; null if the runtime does not report it. */
export type ReadAddress = (request: Request) => string | null;

/** The access control of the routes. */
export type Access = ReturnType<typeof createAccess>;

/** How Paddock answers a request without a valid key. */
interface Refused {
  readonly variable: KeyVariable;
  readonly challenge: Challenge;
}

interface AccessOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly readAddress?: ReadAddress | undefined;
}

/** Creates the access control from the keys in the settings. */
export function createAccess(options: AccessOptions) {
  const { apiKeys, adminKeys, metricsKeys } = options.settings;
  const callers = createCallers(options.settings);
  const delayWrongKey = createWrongKeyDelay(options);
  const needsKey = apiKeys.length > 0;
  const needsMetricsKey = needsKey || metricsKeys.length > 0;

  const refuse = async (c: Context, { variable, challenge }: Refused): Promise<never> => {
    const isKeyless = readKeys(c).length === 0;
    const headers = { ...challenge, ...(isKeyless ? {} : await delayWrongKey(c)) };
    const reason = isKeyless ? 'An API key is required' : 'The API key is not valid';
    const message = `${reason}: send one of ${variable} as authorization: Bearer KEY, or as x-api-key: KEY.`;
    throw new PaddockError('unauthorized', message, { headers });
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
    /** Requires a key if the settings do. Empty if they do not, so that requests have no extra step. */
    requireKey: (challenge: Challenge = BEARER_CHALLENGE): MiddlewareHandler[] =>
      needsMetricsKey || adminKeys.length > 0 ? [toIdentify(challenge)] : [],
    /** Requires a caller that may administer: without `ADMIN_KEYS`, any. Throws `unauthorized`, `forbidden_key`. */
    adminOnly: async (c: Context, next: Next) => {
      if (toCaller(c).isAdmin) return next();
      if (callers.find(readKeys(c)) === null) {
        return refuse(c, { variable: 'ADMIN_KEYS', challenge: BEARER_CHALLENGE });
      }
      throw new PaddockError('forbidden_key', ADMIN_ONLY_MESSAGE);
    },
    toCaller,
  };
}

/** Creates the delay of answers to many wrong keys from one network. It returns extra headers for the answer. */
function createWrongKeyDelay({ clock, log, readAddress = () => null }: AccessOptions) {
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
      const from = network ?? 'an unknown address';
      log.warn(
        `More than ${BURST} wrong keys came from ${from}: answers to further wrong keys are delayed`,
      );
    }
    await clock.sleep(waitMs);
    return { 'retry-after': String(Math.ceil(waitMs / 1000)) };
  };
}

/** Reads the keys of a request, in every form that clients of llama-swap use. */
function readKeys(c: Context): string[] {
  const [, bearer] = /^bearer +(\S+)$/iu.exec(c.req.header('authorization') ?? '') ?? [];
  return [bearer, c.req.header('x-api-key'), readBasic(c.req.raw)?.password].filter(
    (key) => key !== undefined,
  );
}
