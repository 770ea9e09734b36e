import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../call.ts';
import { openRaw, readRaw } from '../raw-socket.ts';
import { createRecorder } from '../recorder.ts';
import { SERVERS, makeRuntime, type Instance, type Runtime } from './runtimes.ts';

const PIECE = Buffer.alloc(256 * 1024, 'a');
const PIECES = 120;
const LENGTH = PIECE.length * PIECES;

type Framing = 'content-length' | 'chunked';

const UPLOADS: [path: string, framing: Framing, answer: string][] = [
  ['/v1/chat/completions', 'content-length', '413 body_too_large'],
  ['/v1/chat/completions', 'chunked', '413 body_too_large'],
  ['/upstream/one/m/upload', 'content-length', '413 body_too_large'],
  ['/upstream/one/m/upload', 'chunked', '413 body_too_large'],
  ['/nowhere', 'content-length', '404 not_found'],
  ['/nowhere', 'chunked', '404 not_found'],
];
function toHead(path: string, framing: Framing): string {
  const length =
    framing === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${String(LENGTH)}`;
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${length}\r\n\r\n`;
}

/** Sends 30 MiB before it reads. Returns the answer, or the error of the socket. */
async function upload(url: string, path: string, framing: Framing): Promise<string> {
  const raw = openRaw(url, toHead(path, framing));
  let failure: string | null = null;
  raw.socket.on('error', (error: NodeJS.ErrnoException) => (failure = error.code ?? error.message));
  raw.socket.pause();
  for (let sent = 0; sent < PIECES && failure === null; sent += 1) {
    if (framing === 'chunked') raw.socket.write(`${PIECE.length.toString(16)}\r\n`);
    raw.socket.write(PIECE);
    if (framing === 'chunked') raw.socket.write('\r\n');
    // Slow enough that no buffer holds the whole body.
    await sleep(5);
  }
  if (framing === 'chunked') raw.socket.write('0\r\n\r\n');
  if (failure !== null) return failure;
  raw.socket.resume();
  for (let waits = 0; waits < 100 && !raw.received().includes('\r\n\r\n{'); waits += 1) {
    await sleep(50);
  }
  raw.socket.destroy();
  const { status, json } = readRaw(raw.received());
  return `${status} ${json.error.code}`;
}

describe.each(SERVERS)(
  'on %s, a client that reads the answer only after it sent its whole body',
  (_name, server) => {
    const host = createRecorder();
    const answers = new Map<string, Promise<string>>();
    let runtime: Runtime;
    let paddock: Instance;
    beforeAll(async () => {
      await host.start();
      runtime = makeRuntime(server);
      paddock = await runtime.start({
        PROVIDERS: `one=llama-swap://127.0.0.1:${host.port}`,
        MAX_BODY_BYTES: '1000000',
      });
      // All at once, because they mostly wait.
      for (const [path, framing] of UPLOADS) {
        answers.set(`${path} ${framing}`, upload(paddock.url, path, framing));
      }
    });
    afterAll(async () => {
      await paddock?.stop();
      await runtime?.close();
      await host.close();
    });

    it.each(UPLOADS)('receives the error: %s, %s', async (path, framing, expected) => {
      expect(await answers.get(`${path} ${framing}`)).toBe(expected);
      expect((await call(`${paddock.url}/health`, { method: 'GET' })).status).toBe(200);
    });

    it('is disconnected if its body does not end', async () => {
      const { socket, closed } = openRaw(paddock.url, toHead('/v1/chat/completions', 'chunked'));
      let sent = 0;
      const push = () => {
        while (socket.writable && sent < 1024 << 20) {
          sent += PIECE.length;
          socket.write(`${PIECE.length.toString(16)}\r\n`);
          socket.write(PIECE);
          if (!socket.write('\r\n')) return void socket.once('drain', push);
        }
      };
      push();
      await closed;
      expect(sent).toBeLessThan(100 << 20);
    });
  },
);
