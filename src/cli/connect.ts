import { createPaddock, type Paddock } from '../client/client.ts';
import { parseSettings, type Settings } from '../settings/settings.ts';
import { readSecretFiles } from '../runtime/secret-files.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { toPlain } from '../to-plain.ts';

/** A connection to a Paddock: a running one, or one created from the settings only for this command. */
export interface Connection {
  readonly paddock: Paddock;
  /** Its address, without `/v1`. A Paddock created from the settings answers there once it is started. */
  readonly url: string;
  /** The queried Paddock, in words. */
  readonly target: string;
  /** Sends a request to any route, for answers that stream. The path begins with a slash. */
  readonly send: (path: string, init?: RequestInit) => Promise<Response>;
}

/** Options that select the Paddock. */
export interface ConnectOptions {
  /** The address of a running Paddock; `PADDOCK_URL` by default. */
  readonly url?: string;
  /** Whether the command writes, so that it needs the configured database. */
  readonly writes?: boolean;
}

/**
 * Connects to the selected Paddock.
 * @throws {SettingsError} with every fault of the settings, if they are used
 * @throws {CommandError} if the address or the key of a running Paddock is not valid
 */
export async function connect({ url, writes = false }: ConnectOptions): Promise<Connection> {
  const { PADDOCK_URL = '', PADDOCK_API_KEY = '' } = process.env;
  if (url === undefined && PADDOCK_URL === '') return connectToSettings(writes);
  const source = url === undefined ? 'PADDOCK_URL' : '--url';
  return connectToServer({ source, address: url ?? PADDOCK_URL, apiKey: PADDOCK_API_KEY.trim() });
}

/** A running Paddock, as the user specifies it. */
interface Server {
  /** The source of its address. */
  readonly source: '--url' | 'PADDOCK_URL';
  readonly address: string;
  readonly apiKey: string;
}

function connectToServer({ source, address, apiKey }: Server): Connection {
  const url = readAddress(address);
  if (url === null) {
    const message = `Expected ${source} to be http://host:port of a running Paddock. Put its key into PADDOCK_API_KEY.`;
    throw new CommandError(message, EXIT.usage);
  }
  if (!/^[\x21-\x7e]*$/u.test(apiKey)) {
    throw new CommandError(
      'Expected PADDOCK_API_KEY to contain only visible ASCII characters.',
      EXIT.usage,
    );
  }
  const toUnreachable = (error: unknown): never => {
    const message = `No Paddock answers at ${url}${toReason(error)}: start it there, or correct ${source}.`;
    throw new CommandError(message, EXIT.unreachable);
  };
  const paddock = createPaddock({
    url,
    ...(apiKey !== '' && { apiKey }),
    fetch: async (input, init) => {
      const response = await fetch(input, init).catch(toUnreachable);
      if (response.status === 204 || isJson(response)) return response;
      const message = `The server at ${url} is not Paddock, because it sent no JSON (HTTP ${response.status}): correct ${source}.`;
      throw new CommandError(message, EXIT.unreachable);
    },
  });
  const send: Connection['send'] = async (path, init = {}) => {
    // The runtimes' own `fetch` gives up after five minutes of silence: a model may load for longer.
    const { openUpstreams } = await import('../runtime/open-upstreams.ts');
    return openUpstreams()
      .fetch(url + path, withKey(init, apiKey))
      .catch((error: unknown) => {
        if (init.signal?.aborted === true) throw error;
        return toUnreachable(error);
      });
  };
  return { paddock, url, target: url, send };
}

function withKey(init: RequestInit, apiKey: string): RequestInit {
  const headers = new Headers(init.headers);
  if (apiKey !== '') headers.set('authorization', `Bearer ${apiKey}`);
  return { ...init, headers };
}

/** Returns the base URL of a Paddock, or null for other text. It may end in `/v1`, as for OpenAI clients. */
function readAddress(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin, pathname, username, password, search, hash } = new URL(text);
  const isPlain = [username, password, search, hash].every((part) => part === '');
  if (!isPlain || (protocol !== 'http:' && protocol !== 'https:')) return null;
  return toPlain(origin + pathname.replace(/\/+$/u, '').replace(/\/v1$/u, ''));
}

function isJson({ headers }: Response): boolean {
  return /^application\/json\b/iu.test(headers.get('content-type') ?? '');
}

/** Returns why Paddock does not answer: the code of a system error, or the runtime's message, or nothing. */
function toReason(error: unknown): string {
  const { code, cause } = error as {
    code?: unknown;
    cause?: { code?: unknown; message?: unknown };
  };
  const reason = cause?.code ?? cause?.message ?? code;
  return typeof reason === 'string' ? ` (${reason})` : '';
}

async function connectToSettings(writes: boolean): Promise<Connection> {
  const { environment, faults } = readSecretFiles(process.env);
  const given = parseSettings(environment, { faults });
  // The user of the settings has full access, with a key that only this process knows.
  const apiKey = crypto.randomUUID();
  const settings = { ...given, adminKeys: [...given.adminKeys, { name: null, key: apiKey }] };
  const fetchLocal = await openLocalApp(settings, writes);
  const url = toAddress(settings);
  const paddock = createPaddock({
    url,
    apiKey,
    fetch: async (input, init) =>
      fetchLocal(input instanceof Request ? input : new Request(String(input), init)),
  });
  const names = [...settings.registry.providers.keys()];
  return {
    paddock,
    url,
    target: names.join(', ') || 'no provider',
    send: async (path, init = {}) => fetchLocal(new Request(url + path, withKey(init, apiKey))),
  };
}

async function openLocalApp(settings: Settings, writes: boolean) {
  const [{ openApps }, { pickDatabase }, { openMigratedDatabase }, { openUpstreams }] =
    await Promise.all([
      import('../runtime/open-app.ts'),
      import('./pick-database.ts'),
      import('../runtime/database.ts'),
      import('../runtime/open-upstreams.ts'),
    ]);
  const url = pickDatabase(settings.database.url, writes);
  const timeouts = [...settings.registry.providers.values()].map(({ timeoutMs }) => timeoutMs);
  const { fetch: fetchLocal } = openApps({
    settings,
    ...openUpstreams(),
    database: openMigratedDatabase({ ...settings.database, url }),
    // The answers report errors, so nothing is logged.
    log: {
      error: () => {},
      warn: () => {},
      info: () => {},
      request: () => {},
    },
    demo: false,
    // No later list follows, so this list waits for a remote database as long as for the slowest provider.
    learnedPatienceMs: Math.max(0, ...timeouts),
  });
  return fetchLocal;
}

const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Returns the address of a Paddock with these settings, as seen from this machine. */
function toAddress({ host, port }: Settings): string {
  const name = WILDCARDS[host] ?? host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
