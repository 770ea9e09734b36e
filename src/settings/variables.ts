import * as v from 'valibot';
import { isToken } from '../registry/dsn.ts';
import { pickText, type Environment } from './environment.ts';
import type { Fault } from '../registry/fault.ts';
import { httpBase, quote, timeoutMs, wholeNumber } from '../registry/value-schemas.ts';

/** How much is logged, least first. */
const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
/** One of them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whether what is of a level is logged where that much is. */
export function isLogged(level: LogLevel, much: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(much);
}

const token = v.pipe(
  v.string(),
  v.trim(),
  v.check(isToken, 'expected a key of visible ASCII characters'),
);

const VARIABLES = {
  PROVIDERS: v.optional(v.string(), ''),
  DEFAULT_PROVIDER: v.optional(v.pipe(v.string(), v.trim())),
  DEFAULT_MODEL: v.optional(v.string()),
  TASK_MODEL: v.optional(v.string()),
  COMPACTION_MODEL: v.optional(v.string()),
  ARENA_MODELS: v.optional(v.pipe(v.string(), v.transform(splitAtCommas)), ''),
  MODEL_ALIASES: v.optional(v.string(), ''),
  DEEPSEEK_API_KEY: v.optional(token),
  DEEPSEEK_BASE_URL: v.optional(httpBase, 'https://api.deepseek.com'),
  LIBSQL_URL: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.regex(
        /^(?:file:.+|(?:libsql|https?):\/\/.+)$/u,
        'expected a URL that begins with file:, libsql://, https:// or http://',
      ),
    ),
  ),
  LIBSQL_AUTH_TOKEN: v.optional(token),
  HOST: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.regex(
        /^[\w.:-]+$/u,
        'expected a host name or IP address alone, such as 0.0.0.0 or ::1, without a scheme or brackets',
      ),
    ),
    '127.0.0.1',
  ),
  API_KEYS: v.optional(v.string()),
  ADMIN_KEYS: v.optional(v.string()),
  METRICS_KEYS: v.optional(v.string()),
  CORS_ORIGINS: v.optional(v.pipe(v.string(), v.transform(splitAtCommas)), ''),
  ALLOWED_HOSTS: v.optional(v.pipe(v.string(), v.transform(splitAtCommas)), ''),
  RATE_LIMIT: v.optional(wholeNumber(1, 1_000_000)),
  CONCURRENCY_LIMIT: v.optional(wholeNumber(1, 1_000_000)),
  SHUTDOWN_GRACE_MS: v.optional(wholeNumber(0, 3_600_000), '30000'),
  PORT: v.optional(wholeNumber(0, 65_535), '8400'),
  UPSTREAM_PORT: v.optional(wholeNumber(0, 65_535)),
  PROBE_TIMEOUT_MS: v.optional(timeoutMs, '2000'),
  CATALOG_TTL_MS: v.optional(wholeNumber(0, 86_400_000), '5000'),
  MAX_BODY_BYTES: v.optional(wholeNumber(1, 2 ** 32), '67108864'),
  BODY_MEMORY_BYTES: v.optional(wholeNumber(1, 2 ** 40 - 1), '1073741824'),
  FIRST_BYTE_TIMEOUT_MS: v.optional(wholeNumber(1, 86_400_000)),
  IDLE_TIMEOUT_MS: v.optional(wholeNumber(1, 86_400_000)),
  LOG_LEVEL: v.optional(
    v.pipe(v.string(), v.trim(), v.picklist(LOG_LEVELS, `expected ${LOG_LEVELS.join(', ')}`)),
    'info',
  ),
} as const;

function splitAtCommas(text: string): readonly string[] {
  return text.split(',').filter((part) => part.trim() !== '');
}

/** The variables whose values can be shown, for they hold no credentials. */
const SHOWN: ReadonlySet<string> = new Set<keyof typeof VARIABLES>([
  'HOST',
  'PORT',
  'UPSTREAM_PORT',
  'PROBE_TIMEOUT_MS',
  'CATALOG_TTL_MS',
  'MAX_BODY_BYTES',
  'BODY_MEMORY_BYTES',
  'FIRST_BYTE_TIMEOUT_MS',
  'IDLE_TIMEOUT_MS',
  'RATE_LIMIT',
  'CONCURRENCY_LIMIT',
  'SHUTDOWN_GRACE_MS',
  'LOG_LEVEL',
]);

/** Each variable's value, or its default. */
export type Values = {
  readonly [K in keyof typeof VARIABLES]: v.InferOutput<(typeof VARIABLES)[K]>;
};

/** Parses each variable by itself; a faulty one counts as unset, so that the others are still checked. */
export function readVariables(environment: Environment, faults: Fault[]): Values {
  const read = (name: string, schema: v.GenericSchema<unknown, unknown>) => {
    const set = pickText(environment, name) ?? undefined;
    const parsed = v.safeParse(schema, set);
    if (parsed.success) return parsed.output;
    const received = SHOWN.has(name) ? ` but received ${quote(String(set))}` : '';
    const reasons = parsed.issues.map(({ message }) => message + received);
    faults.push(...reasons.map((message) => ({ variable: name, message })));
    return v.parse(schema, undefined);
  };
  const entries = Object.entries(VARIABLES).map(([name, schema]) => [name, read(name, schema)]);
  return Object.fromEntries(entries) as Values;
}
