import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LibsqlServer } from '../../demo/libsql-server.ts';
import { RUNTIMES, startMigratedServer, type Runtime } from '../runtimes/runtimes.ts';
import { chat, readCatalog, type ChatEnd } from './clients.ts';
import type { Behavior } from './test-upstream.ts';
import { startStage, HEALTHY, type Stage } from './stage.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const EVENTS = `${OK}content-type: text/event-stream\r\n`;
const CHUNKED = `${EVENTS}transfer-encoding: chunked\r\n\r\n`;
const FIRST = '6\r\nfirst \r\n';

/** Sends text and then does something else. */
const say =
  (text: string | Buffer, then: (socket: Socket) => unknown = () => {}): Behavior =>
  (socket) => {
    socket.write(text);
    setTimeout(() => then(socket), 30);
  };
const end = (socket: Socket) => socket.end();
const reset = (socket: Socket) => socket.resetAndDestroy();

/** Sends text at once and then a byte every 200 ms. */
const drip =
  (text: string, rest: string): Behavior =>
  (socket) => {
    socket.write(text);
    let at = 0;
    const timer = setInterval(() => socket.write(rest[at++ % rest.length]!), 200);
    socket.once('close', () => clearInterval(timer));
  };

/** Stops reading, and continues after the client has left: without reading, it would not see the end. */
const stall: Behavior = (socket) => {
  socket.pause();
  setTimeout(() => socket.resume(), 1500);
};

interface Fault {
  readonly title: string;
  readonly behavior?: Behavior;
  readonly model?: string;
  readonly endings: readonly ChatEnd[];
  /** The part of the answer that the client received. */
  readonly text?: RegExp;
  readonly leaveAfterMs?: number;
  /** Additional bytes of the request. */
  readonly padding?: number;
}

const UNREACHABLE: readonly ChatEnd[] = ['unreachable'];
const CUT: readonly ChatEnd[] = ['cut'];
const INVALID: readonly ChatEnd[] = ['invalid'];
/** The end may arrive together with the headers. */
const EITHER: readonly ChatEnd[] = ['cut', 'unreachable'];
const LEFT: readonly ChatEnd[] = ['left'];

const FAULTS: readonly Fault[] = [
  { title: 'ends each connection', behavior: end, endings: UNREACHABLE },
  { title: 'resets each connection', behavior: reset, endings: UNREACHABLE },
  { title: 'ends within its headers', behavior: say(`${OK}content-ty`, end), endings: UNREACHABLE },
  {
    title: 'resets within its headers',
    behavior: say(`${OK}content-ty`, reset),
    endings: UNREACHABLE,
  },
  { title: 'ends after its headers', behavior: say(CHUNKED, end), endings: EITHER },
  { title: 'resets after its headers', behavior: say(CHUNKED, reset), endings: EITHER },
  { title: 'ends mid-stream', behavior: say(CHUNKED + FIRST, end), endings: CUT, text: /^first $/ },
  { title: 'resets mid-stream', behavior: say(CHUNKED + FIRST, reset), endings: CUT },
  { title: 'never answers', behavior: () => {}, endings: LEFT, leaveAfterMs: 600, text: /^$/ },
  {
    title: 'never reads a large request',
    behavior: stall,
    endings: LEFT,
    leaveAfterMs: 600,
    padding: 8 << 20,
  },
  {
    title: 'sends its headers byte by byte',
    behavior: drip('', OK),
    endings: LEFT,
    leaveAfterMs: 900,
  },
  {
    title: 'sends its answer byte by byte',
    behavior: drip(`${EVENTS}content-length: 1000\r\n\r\n`, 'x'),
    endings: LEFT,
    leaveAfterMs: 1500,
    text: /^xx+$/,
  },
  {
    title: 'promises more than it sends',
    behavior: say(`${EVENTS}content-length: 1000\r\n\r\nfirst `, end),
    endings: CUT,
  },
  {
    title: 'sends more than it promises: an answer for another request',
    behavior: say(`${EVENTS}content-length: 5\r\n\r\nfirst${OK}content-length: 4\r\n\r\nevil`),
    endings: ['whole'],
    text: /^first$/,
  },
  {
    title: 'gives two lengths',
    behavior: say(`${OK}content-length: 5\r\ncontent-length: 6\r\n\r\nfirst`, end),
    endings: INVALID,
  },
  {
    title: 'sends a chunk without a size',
    behavior: say(`${CHUNKED}zz\r\nfirst\r\n`, end),
    endings: EITHER,
  },
  {
    title: 'sends a chunk that is too long',
    behavior: say(`${CHUNKED}${FIRST}3\r\nabcdef\r\n`, end),
    endings: EITHER,
  },
  {
    title: 'sends 1 MiB of headers',
    behavior: say(
      `${OK}${`x-long: ${'x'.repeat(1015)}\r\n`.repeat(1024)}content-length: 0\r\n\r\n`,
    ),
    endings: INVALID,
  },
  {
    title: 'sends a header with a NUL in it',
    behavior: say(`${OK}x-odd: a\0b\r\ncontent-length: 0\r\n\r\n`, end),
    endings: INVALID,
  },
  { title: 'does not speak HTTP', behavior: say('SSH-2.0-OpenSSH_9.9\r\n'), endings: INVALID },
  {
    title: 'ends its lines with LF only',
    behavior: say('HTTP/1.1 200 OK\ncontent-length: 5\n\nhello'),
    endings: INVALID,
  },
  {
    title: 'sends invalid gzip',
    behavior: say(
      `${EVENTS}content-encoding: gzip\r\nconnection: close\r\ncontent-length: 5\r\n\r\nfirst`,
      end,
    ),
    endings: EITHER,
  },
  { title: 'has an unknown name', model: 'nowhere/m', endings: UNREACHABLE },
];

describe.each(RUNTIMES)('on %s, an upstream', (name, make) => {
  let runtime: Runtime;
  let stage: Stage;
  let database: LibsqlServer | null = null;
  beforeAll(async () => {
    runtime = await make();
    if (name === 'workerd') database = await startMigratedServer(':memory:');
    const more: Record<string, string> = database === null ? {} : { LIBSQL_URL: database.url };
    stage = await startStage((settings) => runtime.start({ ...settings, ...more }));
  });
  afterAll(async () => {
    await stage?.close();
    await runtime?.close();
    await database?.close();
  });

  it.each(FAULTS.map((fault) => [fault.title, fault] as const))(
    'that %s does not affect other providers',
    async (_title, fault) => {
      const {
        model = 'faulty/m',
        behavior = null,
        text,
        endings,
        leaveAfterMs = 3000,
        padding = 0,
      } = fault;
      await stage.runFault(async () => {
        const [faulty] = stage.disturbed;
        faulty!.setBehavior(behavior);
        for (let round = 0; round < 2; round += 1) {
          const chats = await Promise.all(
            Array.from({ length: 6 }, () => chat(stage.url, { model, leaveAfterMs, padding })),
          );
          // workerd may end an answer that broke off as if it were complete.
          for (const seen of name === 'workerd' ? [] : chats) {
            expect(seen, JSON.stringify(seen)).toMatchObject({
              ending: expect.toBeOneOf([...endings]),
            });
            if (text !== undefined) expect(seen.text).toMatch(text);
          }
        }
        expect(await readCatalog(stage.url, { healthy: HEALTHY, query: '?refresh=1' })).toBeNull();
        // The clients have left, so that Paddock closes their connections to the upstream.
        await expect.poll(() => faulty!.connections(), { timeout: 15_000 }).toBeLessThan(8);
      });
    },
  );

  it('that is killed and returns does not affect other providers', async () => {
    await stage.runFault(async () => {
      const [faulty] = stage.disturbed;
      for (let round = 0; round < 2; round += 1) {
        const chatting = chat(stage.url, { model: 'faulty/m', mark: 'killed' });
        await sleep(30);
        await faulty!.kill();
        expect((await chatting).text).not.toContain('"index":4');
        expect((await chat(stage.url, { model: 'faulty/m' })).ending).toBe('unreachable');
        await faulty!.restart();
      }
    });
  });
});
