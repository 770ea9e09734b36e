import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { openRaw, readRaw, type RawSocket } from '../raw-socket.ts';
import { startRecorder } from '../recorder.ts';
import { SERVERS, startForTest, startServer, type Instance } from './runtimes.ts';

const MIB = 2 ** 20;
const PATHS = {
  '/v1/chat/completions': 'application/json',
  '/v1/audio/transcriptions': 'multipart/form-data; boundary=x',
  '/upstream/a/m': 'text/plain',
  '/api/unload': 'application/json',
};

/** Memory and open files are read from /proc, which only Linux has. */
const isCounted = process.platform === 'linux';
const memoryOf = ({ pid }: Instance): number =>
  isCounted
    ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
    : 0;
const filesOf = ({ pid }: Instance): number =>
  isCounted ? readdirSync(`/proc/${pid}/fd`).length : 0;

/** Starts requests on each of the paths in turn. */
function gather(
  paddock: Instance,
  { crowd, length }: { crowd: number; length: string },
): RawSocket[] {
  const paths = Object.entries(PATHS);
  const sockets = Array.from({ length: crowd }, (_, index) => {
    const [path, type] = paths[index % paths.length] ?? [];
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n${length}\r\n\r\n`;
    return openRaw(paddock.url, head);
  });
  onTestFinished(() => sockets.forEach(({ socket }) => socket.destroy()));
  return sockets;
}

/** Watches a process until `ending` resolves. Returns its highest memory, and the longest duration of /health in milliseconds. */
async function watch(paddock: Instance, ending: Promise<unknown>) {
  let memory = 0;
  let wait = 0;
  let hasEnded = false;
  const end = () => (hasEnded = true);
  ending.then(end, end);
  while (!hasEnded) {
    const askedAt = performance.now();
    await (await fetch(`${paddock.url}/health`)).text();
    wait = Math.max(wait, performance.now() - askedAt);
    memory = Math.max(memory, memoryOf(paddock));
    await sleep(25);
  }
  await ending;
  return { memory, wait };
}

describe.each(SERVERS)('many clients on %s', (_name, server) => {
  async function start(settings: Record<string, string> = {}) {
    const host = await whileTesting(startRecorder());
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    const starting = startServer(server, {
      cwd: makeFolder(),
      settings: { PROVIDERS, LOG_LEVEL: 'error', ...settings },
    });
    const paddock = await startForTest(starting);
    await watch(paddock, sleep(300));
    return { paddock, memory: memoryOf(paddock), files: filesOf(paddock) };
  }

  it('200 clients that announce 64 MiB and send single bytes do not delay others or use memory', async () => {
    const { paddock, memory, files } = await start();
    const crowd = gather(paddock, { crowd: 200, length: `Content-Length: ${64 * MIB}` });
    const trickle = setInterval(() => {
      for (const { socket } of crowd) if (socket.writable) socket.write(' ');
    }, 100);
    const seen = await watch(paddock, sleep(2000));
    clearInterval(trickle);
    expect(crowd.filter(({ received }) => received() === '').length).toBe(200);
    expect(seen.memory - memory).toBeLessThan(80 * MIB);
    expect(seen.wait).toBeLessThan(1000);
    for (const { socket } of crowd) socket.destroy();
    await expect.poll(() => filesOf(paddock), { timeout: 5000 }).toBeLessThan(files + 12);
  });

  it.each([
    ['an announced gigabyte', 'Content-Length: 1000000000', Buffer.alloc(MIB, ' ')],
    [
      'a gigabyte in chunks',
      'Transfer-Encoding: chunked',
      Buffer.from(`100000\r\n${' '.repeat(MIB)}\r\n`),
    ],
  ])('50 clients that send %s get 413 and are disconnected', async (_what, length, piece) => {
    const { paddock, memory, files } = await start({ MAX_BODY_BYTES: '1000000' });
    const crowd = gather(paddock, { crowd: 50, length });
    let pushed = 0;
    for (const { socket } of crowd) {
      const push = () => {
        let hasRoom = true;
        while (hasRoom && socket.writable) {
          pushed += piece.length;
          hasRoom = socket.write(piece);
        }
      };
      socket.on('drain', push);
      push();
    }
    const seen = await watch(paddock, Promise.all(crowd.map(({ closed }) => closed)));
    const answers = crowd.map(({ received }) => received()).filter((text) => text !== '');
    // A reset may overtake the answer to a client that does not read.
    expect(answers).not.toEqual([]);
    for (const text of answers) expect(readRaw(text).status).toBe(413);
    expect(pushed).toBeLessThan(50 * 100 * MIB);
    // Many megabytes arrive before all are disconnected, and become garbage that is collected later.
    expect(seen.memory - memory).toBeLessThan(256 * MIB);
    await expect.poll(() => filesOf(paddock), { timeout: 5000 }).toBeLessThan(files + 12);
  });

  it('bodies of 250,000 chunks of one byte need little memory', async () => {
    const { paddock, memory } = await start();
    const [json, form] = gather(paddock, { crowd: 2, length: 'Transfer-Encoding: chunked' });
    const pieces = '1\r\n \r\n'.repeat(250_000);
    const toChunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    json?.socket.write(pieces + toChunk('{"model":"a/m"}'));
    const field = '--x\r\ncontent-disposition: form-data; name=model\r\n\r\na/m\r\n--x--\r\n';
    form?.socket.write(pieces + toChunk(field));
    const hasAnswers = () => expect([json, form].map((one) => one?.received())).not.toContain('');
    const seen = await watch(paddock, vi.waitFor(hasAnswers, { timeout: 40_000 }));
    expect(seen.memory - memory).toBeLessThan(60 * MIB);
  });
});
