import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE, makeRuntime } from '../runtimes/runtimes.ts';
import { installFromNpm } from '../peers/install.ts';
import { startFleet, type TestFleet } from '../clients/fleet.ts';

const VERSION = '1.18.33';
const INSTALL_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 45_000;

describe('opencode with the configuration from Paddock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paddock-opencode-'));
  const configFile = join(folder, 'opencode.json');
  let outside: Outside;
  let program: string;
  let fleet: TestFleet;

  beforeAll(async () => {
    [outside, program, fleet] = await Promise.all([
      startOutside(),
      install(),
      startFleet(async () => makeRuntime(NODE)),
    ]);
    const answer = await fetch(`${fleet.url}/api/opencode.json`);
    expect(answer.status).toBe(200);
    writeFileSync(configFile, await answer.text());
    pretendStartedBefore(join(folder, 'config/opencode'));
  }, INSTALL_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([fleet?.close(), outside?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs opencode without the user's files and without the internet. Returns its output. */
  async function opencode(...args: string[]): Promise<string> {
    const child = spawn(program, args, {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        XDG_CONFIG_HOME: join(folder, 'config'),
        XDG_DATA_HOME: join(folder, 'data'),
        XDG_CACHE_HOME: join(folder, 'cache'),
        XDG_STATE_HOME: join(folder, 'state'),
        OPENCODE_CONFIG: configFile,
        OPENCODE_DISABLE_PROJECT_CONFIG: '1',
        OPENCODE_DISABLE_AUTOUPDATE: '1',
        OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
        OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
        OPENCODE_DISABLE_MODELS_FETCH: '1',
        OPENCODE_DISABLE_SHARE: '1',
        HTTP_PROXY: outside.url,
        HTTPS_PROXY: outside.url,
        NO_PROXY: '127.0.0.1,localhost',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_TIMEOUT_MS,
      // It ignores SIGTERM.
      killSignal: 'SIGKILL',
    });
    const [output, errors] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    const { exitCode, signalCode } = child;
    expect(exitCode, `${signalCode}: ${output}${errors}`).toBe(0);
    return output;
  }

  it('lists every model with its context window', async () => {
    const output = await opencode('models', 'paddock', '--verbose');
    const refs = output.split('\n').filter((line) => line.startsWith('paddock/'));
    const windows = [...output.matchAll(/"context": (\d+)/gu)].map(([, tokens]) => Number(tokens));
    expect(Object.fromEntries(refs.map((ref, index) => [ref, windows[index]]))).toEqual({
      'paddock/a/cold': 0,
      'paddock/a/shared': 4096,
      'paddock/b/shared': 8192,
      'paddock/b/thinker': 0,
      'paddock/b/vendor/voice:q8': 0,
    });
  });

  it.each([
    ['a/shared', 'a', 'b', 'This is shared, answering from host-a.'],
    ['b/shared', 'b', 'a', 'This is shared, answering from host-b.'],
    ['b/vendor/voice:q8', 'b', 'a', 'This is vendor/voice:q8, answering from host-b.'],
  ] as const)('gets the answer of %s from provider %s only', async (id, asked, other, answer) => {
    const before = { asked: countChats(fleet[asked]), other: countChats(fleet[other]) };
    const output = await opencode('run', '-m', `paddock/${id}`, 'Good day');
    expect(output).toContain(answer);
    expect(output).toContain('Good day');
    // One for the answer and one for a title. The conversation is too short for a compaction.
    expect(countChats(fleet[asked]) - before.asked).toBeLessThanOrEqual(2);
    expect(countChats(fleet[other])).toBe(before.other);
    expect(fleet[asked].received.at(-1)?.get('user-agent')).toMatch(`opencode/${VERSION}`);
  });

  it('sends no other requests', () => {
    expect(outside.asked).toEqual([]);
  });
});

function countChats({ counts }: TestFleet['a']): number {
  return counts.requests.get('POST /v1/chat/completions') ?? 0;
}

/**
 * Prepares opencode's folder as after an earlier start. At its first start, opencode installs packages in the background,
 * so that a request to the registry depends on timing.
 */
function pretendStartedBefore(place: string): void {
  const dependencies = { '@opencode-ai/plugin': VERSION };
  mkdirSync(join(place, 'node_modules'), { recursive: true });
  writeFileSync(
    join(place, 'package-lock.json'),
    JSON.stringify({ packages: { '': { dependencies } } }),
  );
}

/** Installs opencode for this platform once and returns the path of the program. */
async function install(): Promise<string> {
  const name = `opencode-${process.platform}-${process.arch}`;
  const folder = await installFromNpm(name, VERSION);
  return join(folder, 'node_modules', name, 'bin/opencode');
}

/** A proxy in place of the internet. */
interface Outside {
  readonly url: string;
  /** The URLs of all requests. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy that records requests and refuses them. */
async function startOutside(): Promise<Outside> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.on('error', () => {}).end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
