import { join } from 'node:path';
import { startChild, type Child } from './child.ts';

/** A Paddock of its own, as its users start it. */
export interface Paddock {
  readonly url: string;
  readonly pid: number;
  /** `GET` of a path of it. */
  get(path: string): Promise<{ body: Buffer; etag: string }>;
}

/** How many models are made favorites. */
const FAVORITES = 5;

const TIMEOUT_MS = 2000;

interface Answer {
  readonly providers: readonly { readonly models: readonly { readonly id: string }[] }[];
}

/**
 * Starts Paddock before a herd, with a few favorites from all over it.
 * @throws where it does not show every model of the herd
 */
export async function startPaddock(options: {
  dist: string;
  /** A temporary folder for its database. */
  folder: string;
  name: string;
  ports: readonly number[];
  /** How many models the herd lists. */
  models: number;
}): Promise<Paddock> {
  const { dist, folder, name, ports, models } = options;
  const child: Child = await startChild({
    args: [join(dist, 'runtime/node.js')],
    // Away from anybody's .env file.
    cwd: folder,
    logFile: join(folder, `${name}.log`),
    env: {
      PORT: '0',
      PROVIDERS: toProviders(ports),
      PROBE_TIMEOUT_MS: String(TIMEOUT_MS),
      LIBSQL_URL: `file:${join(folder, `${name}.db`)}`,
    },
  });
  const url = /^Paddock listens on (http:\S+)$/u.exec(child.firstLine)?.[1];
  if (url === undefined) throw new Error(`Expected an address but received "${child.firstLine}"`);

  const get = (path: string) => getBytes(url + path);
  const { providers } = JSON.parse((await get('/api/models')).body.toString()) as Answer;
  const ids = providers.flatMap((provider) => provider.models.map(({ id }) => id));
  if (ids.length !== models) throw new Error(`${name} shows ${ids.length} models of ${models}`);
  for (let index = 0; index < FAVORITES; index += 1) {
    await addFavorite(url, ids[Math.floor((index * ids.length) / FAVORITES)] ?? '');
  }
  return { url, pid: child.pid, get };
}

/** The setting for providers at some ports of this machine. */
export function toProviders(ports: readonly number[]): string {
  return ports.map((port, index) => `host-${index}=llama-swap://127.0.0.1:${port}`).join(' ');
}

/**
 * Fetches bytes and their validator.
 * @throws where the status is not 200
 */
export async function getBytes(url: string): Promise<{ body: Buffer; etag: string }> {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (response.status !== 200) throw new Error(`GET ${url}: HTTP ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  return { body, etag: response.headers.get('etag') ?? '' };
}

async function addFavorite(url: string, id: string): Promise<void> {
  const address = `${url}/api/favorites/${encodeURIComponent(id)}`;
  const response = await fetch(address, { method: 'PUT' });
  if (!response.ok) throw new Error(`PUT ${address}: HTTP ${response.status}`);
}
