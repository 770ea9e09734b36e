import * as v from 'valibot';
import { isToken } from '../registry/dsn.ts';
import { httpBase, timeoutMs, wholeNumber } from '../registry/value-schemas.ts';
import { allowedHost } from './allowed-hosts.ts';
import { corsOrigin } from './cors-origins.ts';
import { LOG_LEVELS } from './log-level.ts';
import type { Setting } from './setting.ts';

const trimmed = v.pipe(v.string(), v.trim());
const token = v.pipe(trimmed, v.check(isToken, 'expected a key of visible ASCII characters'));
const list = v.pipe(
  v.string(),
  v.transform((text) => text.split(',').filter((part) => part.trim() !== '')),
);
const listOf = (entry: v.GenericSchema<string, string>) =>
  v.pipe(
    list,
    v.array(entry),
    v.transform((entries) => Object.freeze(entries)),
  );
const port = wholeNumber(0, 65_535);
const day = 86_400_000;
const limitOnWorkers = {
  refused:
    'is not supported on Workers, which do not count requests across isolates: unset it, and create a rate limiting rule for the zone',
} as const;

/**
 * All settings, in the order of the documents. To add a setting, add an entry here: the parser, `NAME_FILE`, error messages,
 * the demo, Workers, .env.example and docs/configuration.md (`npm run docs:settings`) use this table.
 */
export const SETTINGS = {
  PROVIDERS: {
    schema: v.string(),
    default: '',
    secret: true,
    ownFleet: true,
    doc: 'The providers: `name=DSN` entries separated by white space, or a JSON array of objects',
    example: 'desktop=llama-swap://desktop lab=llama-swaps://s3cret@lab.tailnet.ts.net?label=Lab',
  },
  DEFAULT_PROVIDER: {
    schema: trimmed,
    ownFleet: true,
    doc: 'The provider of bare IDs',
    defaultDoc: 'the first entry of `PROVIDERS`',
    example: 'desktop',
  },
  DEFAULT_MODEL: {
    schema: v.string(),
    ownFleet: true,
    doc: 'The model of requests that name none (`""` and `null` name none), and of the role `default`',
    example: 'desktop/qwen3.6-27b',
  },
  TASK_MODEL: {
    schema: v.string(),
    ownFleet: true,
    doc: 'The model of the role `task`: titles, tags and other small jobs',
    defaultDoc: '`DEFAULT_MODEL`',
    example: 'desktop/gpt-oss-20b',
  },
  COMPACTION_MODEL: {
    schema: v.string(),
    ownFleet: true,
    doc: 'The model of the role `compaction`, which shortens long conversations',
    defaultDoc: '`DEFAULT_MODEL`',
    example: 'desktop/gpt-oss-20b',
  },
  ARENA_MODELS: {
    schema: list,
    default: '',
    ownFleet: true,
    doc: 'The models of the role `arena`, which are compared with each other, separated by commas',
    example: 'desktop/qwen3.6-27b,lab/qwen3.6-27b',
  },
  MODEL_ALIASES: {
    schema: v.string(),
    default: '',
    ownFleet: true,
    doc: 'Additional names of models: `alias=provider/model` entries separated by white space',
    example: 'fast=desktop/gpt-oss-20b smart=lab/gpt-oss-120b',
  },
  DEEPSEEK_API_KEY: {
    schema: token,
    secret: true,
    ownFleet: true,
    doc: "The key of DeepSeek's cloud API; it adds a provider named `deepseek`",
    example: 's3cret-key-of-deepseek',
  },
  DEEPSEEK_BASE_URL: {
    schema: httpBase,
    default: 'https://api.deepseek.com',
    ownFleet: true,
    doc: "The base URL of DeepSeek's API",
  },
  LIBSQL_URL: {
    schema: v.pipe(
      trimmed,
      v.regex(
        /^(?:file:.+|(?:libsql|https?):\/\/.+)$/u,
        'expected a URL that begins with file:, libsql://, https:// or http://',
      ),
    ),
    ownFleet: true,
    doc: 'The database of favorites and learned context windows: a `file:`, `libsql:`, `https:` or `http:` URL',
    defaultDoc: '`file:data/paddock.db`; none on Workers',
    example: 'file:data/paddock.db',
  },
  LIBSQL_AUTH_TOKEN: {
    schema: token,
    secret: true,
    ownFleet: true,
    doc: 'The token of that database',
    example: 's3cret-token-of-the-database',
  },
  API_KEYS: {
    schema: v.string(),
    secret: true,
    doc: 'The keys that clients must send: `key` or `name:key` entries separated by commas',
    defaultDoc: 'none: no key is required',
    example: 's3cret-key,alice:s3cret-key-of-hers',
  },
  ADMIN_KEYS: {
    schema: v.string(),
    secret: true,
    doc: "Keys with all rights; if some are set, only they may administer and see providers' addresses",
    defaultDoc: 'none: every key may administer',
    example: 'admin:s3cret-key-of-the-owner',
  },
  METRICS_KEYS: {
    schema: v.string(),
    secret: true,
    doc: 'Keys that are valid for `/metrics` only',
    example: 'prometheus:s3cret-key-for-scrapes',
  },
  CORS_ORIGINS: {
    schema: listOf(corsOrigin),
    default: '',
    field: 'corsOrigins',
    doc: 'The origins of web pages and desktop apps that may call Paddock, separated by commas',
    defaultDoc: 'only its own origin',
    example: 'https://chat.example,http://localhost:5173',
  },
  ALLOWED_HOSTS: {
    schema: listOf(allowedHost),
    default: '',
    // The platform routes requests by host name, so a request for an unknown name never reaches the Worker.
    worker: { default: '*' },
    doc: 'Additional host names that requests may use, separated by commas (`*.` before a name for all names below it, `*` for any name); not checked if `API_KEYS` is set',
    defaultDoc:
      '`HOST`, loopback names, IP addresses, names without a dot, `*.ts.net`, `*.local`, `*.lan`, `*.home.arpa`, `*.internal`',
    example: 'paddock.example,*.example.org',
  },
  HOST: {
    schema: v.pipe(
      trimmed,
      v.regex(
        /^[\w.:-]+$/u,
        'expected a host name or an IP address such as 0.0.0.0 or ::1, without a scheme or brackets',
      ),
    ),
    default: '127.0.0.1',
    field: 'host',
    shown: true,
    worker: 'ignored',
    doc: 'The address to listen on',
  },
  PORT: {
    schema: port,
    default: '8400',
    field: 'port',
    shown: true,
    worker: 'ignored',
    doc: 'The port to listen on; 0 is any free port',
  },
  UPSTREAM_PORT: {
    schema: port,
    field: 'upstreamPort',
    shown: true,
    worker: { refused: 'is not supported on Workers, which have no ports: unset it' },
    doc: "A second port that serves only `/upstream/*`, for the web pages of providers' model servers",
    example: '8401',
  },
  PROBE_TIMEOUT_MS: {
    schema: timeoutMs,
    default: '2000',
    shown: true,
    doc: 'How long a provider may take to list its models, in milliseconds',
  },
  CATALOG_TTL_MS: {
    schema: wholeNumber(0, day),
    default: '5000',
    field: 'catalogTtlMs',
    shown: true,
    doc: 'How long the catalog is served before providers are asked again, in milliseconds',
  },
  MAX_BODY_BYTES: {
    schema: wholeNumber(1, 2 ** 32),
    default: '67108864',
    field: 'maxBodyBytes',
    shown: true,
    doc: 'The largest request body, in bytes',
  },
  BODY_MEMORY_BYTES: {
    schema: wholeNumber(1, 2 ** 40 - 1),
    default: '1073741824',
    field: 'bodyMemoryBytes',
    shown: true,
    // An isolate has 128 MB of memory for everything.
    worker: { default: '33554432' },
    doc: 'How much memory all buffered request bodies may use together, in bytes',
  },
  FIRST_BYTE_TIMEOUT_MS: {
    schema: wholeNumber(1, day),
    field: 'firstByteTimeoutMs',
    shown: true,
    doc: 'How long a provider may take to send response headers, including the time to load a model, in milliseconds',
    defaultDoc: 'no limit',
    example: '600000',
  },
  IDLE_TIMEOUT_MS: {
    schema: wholeNumber(1, day),
    field: 'idleTimeoutMs',
    shown: true,
    doc: 'How long a provider may send nothing during a response, in milliseconds',
    defaultDoc: 'no limit',
    example: '300000',
  },
  RATE_LIMIT: {
    schema: wholeNumber(1, 1_000_000),
    field: 'rateLimit',
    shown: true,
    worker: limitOnWorkers,
    doc: 'How many requests each key may send in a minute',
    defaultDoc: 'no limit',
    example: '600',
  },
  CONCURRENCY_LIMIT: {
    schema: wholeNumber(1, 1_000_000),
    field: 'concurrencyLimit',
    shown: true,
    worker: limitOnWorkers,
    doc: 'How many requests to providers each key may have in flight',
    defaultDoc: 'no limit',
    example: '8',
  },
  SHUTDOWN_GRACE_MS: {
    schema: wholeNumber(0, 3_600_000),
    default: '30000',
    field: 'shutdownGraceMs',
    shown: true,
    worker: 'ignored',
    doc: 'How long running responses may take to finish after SIGTERM, in milliseconds',
  },
  LOG_LEVEL: {
    schema: v.pipe(trimmed, v.picklist(LOG_LEVELS, `expected ${LOG_LEVELS.join(', ')}`)),
    default: 'info',
    field: 'logLevel',
    shown: true,
    doc: 'The least important level that is logged: `error`, `warn`, `info` or `debug`',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** Every setting with its name, typed with all the fields of `Setting`. */
export const SETTING_ENTRIES = Object.entries(SETTINGS) as readonly [SettingName, Setting][];

/** Returns the names of the settings that meet a condition. */
export function findSettings(meets: (setting: Setting) => boolean): readonly SettingName[] {
  return SETTING_ENTRIES.filter(([, setting]) => meets(setting)).map(([name]) => name);
}
