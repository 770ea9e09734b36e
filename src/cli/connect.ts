import { existsSync } from 'node:fs';
import { createPaddock, type Paddock } from '../client/client.ts';
import { parseSettings, type Settings } from '../registry/settings.ts';
import { readEnvironment } from '../runtime/environment.ts';
import { CommandError, EXIT } from './exit-codes.ts';

/** A Paddock to ask: a running one, or one made of the settings for this command alone. */
export interface Connection {
  readonly paddock: Paddock;
  /** Who is asked, in words. */
  readonly asked: string;
  /** Whether it has looked at its hosts already. */
  readonly isWarm: boolean;
}

/** Which Paddock is meant. */
export interface ConnectOptions {
  /** The address of a running one. */
  readonly url?: string;
  /** Whether something is to be written, so that the database must be there. */
  readonly writes?: boolean;
}

const DATABASE_FILE = 'data/paddock.db';

/**
 * Connects to the Paddock that is meant.
 * @throws {SettingsError} with every fault of the settings, where they are used
 */
export async function connect({ url, writes = false }: ConnectOptions): Promise<Connection> {
  return url === undefined ? connectToSettings(writes) : connectToServer(url);
}

function connectToServer(url: string): Connection {
  if (!URL.canParse(url) || !/^https?:/u.test(url)) {
    throw new CommandError('Expected --url http://host:port of a running Paddock.', EXIT.usage);
  }
  const apiKey = process.env['PADDOCK_API_KEY'];
  const paddock = createPaddock({
    url,
    ...(apiKey !== undefined && apiKey !== '' && { apiKey }),
    fetch: async (input, init) => {
      try {
        return await fetch(input, init);
      } catch {
        const message = `No Paddock answers at ${url}: start it there, or correct --url.`;
        throw new CommandError(message, EXIT.unreachable);
      }
    },
  });
  return { paddock, asked: url, isWarm: true };
}

async function connectToSettings(writes: boolean): Promise<Connection> {
  const settings = parseSettings(readEnvironment());
  const fetchHere = await openHere(settings, writes);
  const paddock = createPaddock({
    url: toAddress(settings),
    fetch: async (input, init) =>
      fetchHere(input instanceof Request ? input : new Request(String(input), init)),
  });
  const names = [...settings.registry.providers.keys()];
  return { paddock, asked: names.join(', ') || 'nobody', isWarm: false };
}

async function openHere(settings: Settings, writes: boolean) {
  const [{ openApp }, { DEFAULT_DATABASE_URL, openMigratedDatabase }, { createFetchTransport }] =
    await Promise.all([
      import('../runtime/open-app.ts'),
      import('../runtime/database.ts'),
      import('../gateway/transport.ts'),
    ]);
  // Who only looks leaves no file behind.
  const isThere = writes || existsSync(DATABASE_FILE);
  const url = settings.database.url ?? (isThere ? DEFAULT_DATABASE_URL : 'file::memory:');
  return openApp({
    settings,
    database: openMigratedDatabase({ ...settings.database, url }),
    transport: createFetchTransport((address, init) => fetch(address, init)),
    // What is wrong is in the answers.
    log: { error: () => {}, warn: () => {} },
    demo: false,
  });
}

/** Where a Paddock with these settings serves. */
function toAddress({ host, port }: Settings): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
