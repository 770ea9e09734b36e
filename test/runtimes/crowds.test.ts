import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { openRaw, readRaw, type RawSocket } from '../raw-socket.ts';
import { startRecorder } from '../recorder.ts';
import { BUN, NODE, startForTest, startServer, type Instance } from './runtimes.ts';

const MIB = 2 ** 20;
const PATHS = {
  '/v1/chat/completions': 'application/json',
  '/v1/audio/transcriptions': 'multipart/form-data; boundary=x',
  '/upstream/a/m': 'text/plain',
  '/api/unload': 'application/json',
};

/** What a process holds, as the system counts it: Linux alone says so in a file. */
const isCounted = process.platform === 'linux';
const memoryOf = ({ pid }: Instance): number =>
  isCounted
    ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
    : 0;
const filesOf = ({ pid }: Instance): number =>
  isCounted ? readdirSync(`/proc/${pid}/fd`).length : 0;

/** Begins as many requests as there are in a crowd, on each of the paths in turn. */
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

/** Watches a process for a while: the most that it held, and the longest that anybody else waited, in milliseconds. */
async function watch(paddock: Instance, milliseconds: number) {
  let memory = 0;
  let wait = 0;
  for (const until = performance.now() + milliseconds; performance.now() < until;) {
    const askedAt = performance.now();
    await (await fetch(`${paddock.url}/health`)).text();
    wait = Math.max(wait, performance.now() - askedAt);
    memory = Math.max(memory, memoryOf(paddock));
    await sleep(25);
  }
  return { memory, wait };
}

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s', (_name, server) => {
  async function start(settings: Record<string, string> = {}) {
    const host = await whileTesting(startRecorder());
    const PROVIDERS = `a=llama-swap://127.0.0.1:${host.port}`;
    const starting = startServer(server, {
      cwd: makeFolder(),
      settings: { PROVIDERS, LOG_LEVEL: 'error', ...settings },
    });
    const paddock = await startForTest(starting);
    await watch(paddock, 500);
    return { paddock, memory: memoryOf(paddock), files: filesOf(paddock) };
  }

  it('200 clients that announce 64 MiB and send a byte now and then hold nothing up, and nothing else', async () => {
    const { paddock, memory, files } = await start();
    const crowd = gather(paddock, { crowd: 200, length: `Content-Length: ${64 * MIB}` });
    const trickle = setInterval(() => {
      for (const { socket } of crowd) if (socket.writable) socket.write(' ');
    }, 100);
    const seen = await watch(paddock, 4000);
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
  ])('50 clients that push %s are refused and cut off', async (_what, length, piece) => {
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
    const [seen] = await Promise.all([
      watch(paddock, 3000),
      Promise.all(crowd.map(({ closed }) => closed)),
    ]);
    const answers = crowd.map(({ received }) => received()).filter((text) => text !== '');
    // A reset may overtake an answer on its way to a client that does not listen; the busier the machine, the more often.
    expect(answers).not.toEqual([]);
    for (const text of answers) expect(readRaw(text).status).toBe(413);
    expect(pushed).toBeLessThan(50 * 100 * MIB);
    // A gigabyte rushes in until all are cut off. Nobody holds it, but garbage is not collected at once, and Node's newer
    // releases let more of it lie.
    expect(seen.memory - memory).toBeLessThan(256 * MIB);
    await expect.poll(() => filesOf(paddock), { timeout: 5000 }).toBeLessThan(files + 12);
  });

  it('a body of a million pieces of one byte is held as what it is', async () => {
    const { paddock, memory } = await start();
    const [json, form] = gather(paddock, { crowd: 2, length: 'Transfer-Encoding: chunked' });
    const pieces = '1\r\n \r\n'.repeat(1_000_000);
    json?.socket.write(pieces);
    form?.socket.write(pieces);
    const seen = await watch(paddock, 4000);
    expect(seen.memory - memory).toBeLessThan(120 * MIB);
  });
});
