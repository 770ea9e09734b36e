import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LibsqlServer } from '../../demo/libsql-server.ts';
import { BARE_RUNTIMES, startMigratedServer, type Runtime } from '../runtimes/runtimes.ts';
import { chat, readCatalog, type Ending } from './clients.ts';
import type { Mood } from './moody-host.ts';
import { setStage, WELL, type Stage } from './stage.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const EVENTS = `${OK}content-type: text/event-stream\r\n`;
const CHUNKED = `${EVENTS}transfer-encoding: chunked\r\n\r\n`;
const FIRST = '6\r\nfirst \r\n';

/** Sends something, and then does something else. */
const say =
  (text: string | Buffer, then: (socket: Socket) => unknown = () => {}): Mood =>
  (socket) => {
    socket.write(text);
    setTimeout(() => then(socket), 30);
  };
const end = (socket: Socket) => socket.end();
const reset = (socket: Socket) => socket.resetAndDestroy();

/** Sends something at once, and the rest a byte a second. */
const drip =
  (text: string, rest: string): Mood =>
  (socket) => {
    socket.write(text);
    let at = 0;
    const timer = setInterval(() => socket.write(rest[at++ % rest.length]!), 1000);
    socket.once('close', () => clearInterval(timer));
  };

/** Reads on only when nobody can wait for it any more: who does not read does not hear of an end either. */
const stall: Mood = (socket) => {
  socket.pause();
  setTimeout(() => socket.resume(), 2000);
};

interface Fault {
  readonly title: string;
  readonly mood?: Mood;
  readonly model?: string;
  readonly endings: readonly Ending[];
  /** What the client has seen of the answer. */
  readonly text?: RegExp;
  readonly patienceMs?: number;
  /** How much longer the request is, in bytes. */
  readonly padding?: number;
}

const UNREACHABLE: readonly Ending[] = ['unreachable'];
const CUT: readonly Ending[] = ['cut'];
const INVALID: readonly Ending[] = ['invalid'];
/** Where both come at once, what was seen first is the runtime's to say. */
const EITHER: readonly Ending[] = ['cut', 'unreachable'];
const LEFT: readonly Ending[] = ['left'];

const FAULTS: readonly Fault[] = [
  { title: 'ends each connection', mood: end, endings: UNREACHABLE },
  { title: 'resets each connection', mood: reset, endings: UNREACHABLE },
  { title: 'ends within its headers', mood: say(`${OK}content-ty`, end), endings: UNREACHABLE },
  { title: 'resets within its headers', mood: say(`${OK}content-ty`, reset), endings: UNREACHABLE },
  { title: 'ends after its headers', mood: say(CHUNKED, end), endings: EITHER },
  { title: 'resets after its headers', mood: say(CHUNKED, reset), endings: EITHER },
  { title: 'ends mid-stream', mood: say(CHUNKED + FIRST, end), endings: CUT, text: /^first $/ },
  { title: 'resets mid-stream', mood: say(CHUNKED + FIRST, reset), endings: CUT },
  { title: 'never answers', mood: () => {}, endings: LEFT, patienceMs: 600, text: /^$/ },
  {
    title: 'never reads a large request',
    mood: stall,
    endings: LEFT,
    patienceMs: 600,
    padding: 8 << 20,
  },
  {
    title: 'sends a byte of its headers a second',
    mood: drip('', OK),
    endings: LEFT,
    patienceMs: 2500,
  },
  {
    title: 'sends a byte of its answer a second',
    mood: drip(`${EVENTS}content-length: 1000\r\n\r\n`, 'x'),
    endings: LEFT,
    patienceMs: 3500,
    text: /^xx+$/,
  },
  {
    title: 'promises more than it sends',
    mood: say(`${EVENTS}content-length: 1000\r\n\r\nfirst `, end),
    endings: CUT,
  },
  {
    title: 'sends more than it promises, an answer for somebody else',
    mood: say(`${EVENTS}content-length: 5\r\n\r\nfirst${OK}content-length: 4\r\n\r\nevil`),
    endings: ['whole'],
    text: /^first$/,
  },
  {
    title: 'gives two lengths',
    mood: say(`${OK}content-length: 5\r\ncontent-length: 6\r\n\r\nfirst`, end),
    endings: INVALID,
  },
  {
    title: 'sends a chunk without a size',
    mood: say(`${CHUNKED}zz\r\nfirst\r\n`, end),
    endings: EITHER,
  },
  {
    title: 'sends a chunk that is too long',
    mood: say(`${CHUNKED}${FIRST}3\r\nabcdef\r\n`, end),
    endings: EITHER,
  },
  {
    title: 'sends 1 MiB of headers',
    mood: say(`${OK}${`x-long: ${'x'.repeat(1015)}\r\n`.repeat(1024)}content-length: 0\r\n\r\n`),
    endings: INVALID,
  },
  {
    title: 'sends a header with a NUL in it',
    mood: say(`${OK}x-odd: a\0b\r\ncontent-length: 0\r\n\r\n`, end),
    endings: INVALID,
  },
  { title: 'speaks no HTTP', mood: say('SSH-2.0-OpenSSH_9.9\r\n'), endings: INVALID },
  {
    title: 'ends its lines with LF alone',
    mood: say('HTTP/1.1 200 OK\ncontent-length: 5\n\nhello'),
    endings: INVALID,
  },
  {
    title: 'sends what it calls gzip',
    mood: say(
      `${EVENTS}content-encoding: gzip\r\nconnection: close\r\ncontent-length: 5\r\n\r\nfirst`,
      end,
    ),
    endings: EITHER,
  },
  { title: 'has a name that nobody knows', model: 'nowhere/m', endings: UNREACHABLE },
];

describe.each(BARE_RUNTIMES)('on %s, a host', (name, make) => {
  let runtime: Runtime;
  let stage: Stage;
  let database: LibsqlServer | null = null;
  beforeAll(async () => {
    runtime = await make();
    // Here it has no file to keep favorites in.
    if (name === 'workerd') database = await startMigratedServer(':memory:');
    const more: Record<string, string> = database === null ? {} : { LIBSQL_URL: database.url };
    stage = await setStage((settings) => runtime.start({ ...settings, ...more }));
  });
  afterAll(async () => {
    await stage?.close();
    await runtime?.close();
    await database?.close();
  });

  it.each(FAULTS.map((fault) => [fault.title, fault] as const))(
    'that %s harms nobody else',
    async (_title, fault) => {
      const {
        model = 'faulty/m',
        mood = null,
        text,
        endings,
        patienceMs = 3000,
        padding = 0,
      } = fault;
      await stage.survives(async () => {
        const [faulty] = stage.frail;
        faulty!.turn(mood);
        for (let round = 0; round < 2; round += 1) {
          const chats = await Promise.all(
            Array.from({ length: 6 }, () => chat(stage.url, { model, patienceMs, padding })),
          );
          // workerd speaks HTTP in its own way: it may end an answer that broke off as if it were whole.
          for (const seen of name === 'workerd' ? [] : chats) {
            expect(seen, JSON.stringify(seen)).toMatchObject({
              ending: expect.toBeOneOf([...endings]),
            });
            if (text !== undefined) expect(seen.text).toMatch(text);
          }
        }
        expect(await readCatalog(stage.url, { well: WELL, query: '?refresh=1' })).toBeNull();
        // Nobody waits for it any more, and so Paddock does not either.
        await expect.poll(() => faulty!.connections(), { timeout: 5000 }).toBeLessThan(8);
      });
    },
  );

  it('that is killed, and comes back, harms nobody else', async () => {
    await stage.survives(async () => {
      const [faulty] = stage.frail;
      for (let round = 0; round < 2; round += 1) {
        const chatting = chat(stage.url, { model: 'faulty/m', mark: 'killed' });
        await sleep(30);
        await faulty!.die();
        expect((await chatting).text).not.toContain('"index":4');
        expect((await chat(stage.url, { model: 'faulty/m' })).ending).toBe('unreachable');
        await faulty!.rise();
      }
    });
  });
});
