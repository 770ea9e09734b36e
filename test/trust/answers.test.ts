import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUN, makeRuntime, NODE, type Instance, type Runtime } from '../runtimes/runtimes.ts';
import { jsonAnswer, sendRaw, startRawHost, type RawHost, type RawReply } from './raw-host.ts';

const HOSTS = ['a', 'b', 'c'] as const;
const REQUESTS = 400;
const AT_ONCE = 40;

/** Ways in which an upstream answers, selected by the request. Every piece names its request. */
const WAYS: Readonly<Record<string, (mine: string) => RawReply>> = {
  'at once': (mine) => (socket) => void socket.write(jsonAnswer({ mine })),
  late: (mine) => (socket) => void setTimeout(() => socket.write(jsonAnswer({ mine })), 15),
  'and closes': (mine) => (socket) => {
    socket.end(jsonAnswer({ mine }, 'HTTP/1.1 200 OK\r\nconnection: close'));
  },
  'after others': (mine) => (socket) => {
    socket.write(`HTTP/1.1 103 Early Hints\r\nlink: <${mine}>\r\n\r\n`);
    socket.write(jsonAnswer({ mine }));
  },
  'in pieces': (mine) => async (socket) => {
    const piece = `data: ${mine}\n\n`;
    socket.write(
      'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    for (let at = 0; at < 5; at += 1) {
      socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
      await sleep(3);
    }
    socket.write('0\r\n\r\n');
  },
  'twice over': (mine) => (socket) => {
    socket.write(jsonAnswer({ mine }) + jsonAnswer({ mine: 'other-0' }));
  },
  'and breaks off': (mine) => (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n${mine} `, () =>
      setTimeout(() => socket.resetAndDestroy(), 2),
    );
  },
  'by a reset': () => (socket) => void socket.resetAndDestroy(),
  'by closing': () => (socket) => void socket.destroy(),
};

/** Answers in the way that the request selects, and names the upstream and the request. */
const answerByWay =
  (name: string): RawReply =>
  (socket, sent) => {
    const { nonce, way } = JSON.parse(sent.slice(sent.indexOf('\r\n\r\n')));
    WAYS[way]?.(`${name}-${nonce}`)(socket, sent);
  };

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s, among concurrent requests', (name, server) => {
  const hosts: RawHost[] = [];
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    for (const host of HOSTS) hosts.push(await startRawHost(answerByWay(host)));
    runtime = makeRuntime(server);
    const PROVIDERS = HOSTS.map((host, at) => `${host}=openai://127.0.0.1:${hosts[at]?.port}`);
    paddock = await runtime.start({ PROVIDERS: PROVIDERS.join(' ') });
  }, 60_000);
  afterAll(async () => {
    await paddock?.kill();
    await runtime?.close();
    await Promise.all(hosts.map((host) => host.close()));
  });

  const toBody = (host: string, fields: { nonce: number; way: string }) =>
    JSON.stringify({ model: `${host}/m`, ...fields });

  /** Everything received for a request, complete or not. A client that leaves stops after the first bytes. */
  function send(
    agent: Agent,
    options: { host: string; nonce: number; way: string; leaves: boolean },
  ) {
    const { host, nonce, way, leaves } = options;
    const body = toBody(host, { nonce, way });
    return new Promise<{ text: string; isWhole: boolean }>((resolve) => {
      let text = '';
      const headers = { 'content-type': 'application/json', 'content-length': body.length };
      const outgoing = request(
        `${paddock.url}/v1/chat/completions`,
        { method: 'POST', agent, headers },
        (answer) => {
          answer.on('data', (chunk: Buffer) => {
            text += String(chunk);
            if (leaves) answer.destroy();
          });
          answer.once('error', () => {});
          answer.once('close', () =>
            resolve({ text, isWhole: answer.complete && answer.statusCode === 200 }),
          );
        },
      );
      outgoing.once('error', () => resolve({ text, isWhole: false }));
      outgoing.end(body);
      if (leaves && nonce % 2 === 0) setTimeout(() => outgoing.destroy(), nonce % 7);
    });
  }

  it('each gets its own answer, and no piece of another', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE / 2 });
    const ways = Object.keys(WAYS);
    const seen = { whole: 0, broken: 0 };
    let next = 0;
    const work = async () => {
      while (next < REQUESTS) {
        const nonce = next++;
        const host = HOSTS[nonce % HOSTS.length] ?? 'a';
        const way = ways[Math.floor(nonce / HOSTS.length) % ways.length] ?? '';
        const leaves = nonce % 11 === 0;
        const { text, isWhole } = await send(agent, { host, nonce, way, leaves });
        const named = text.match(/\b(?:a|b|c|other)-\d+\b/gu) ?? [];
        expect([way, new Set(named)]).toEqual([
          way,
          new Set(named.length > 0 ? [`${host}-${nonce}`] : []),
        ]);
        if (isWhole && !leaves)
          expect([way, named.length]).toEqual([way, way === 'in pieces' ? 5 : 1]);
        seen[isWhole ? 'whole' : 'broken'] += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    agent.destroy();
    expect(Math.min(seen.whole, seen.broken)).toBeGreaterThan(50);
  }, 30_000);

  it('pipelined requests are answered in order', async () => {
    const written = ['late', 'in pieces', 'at once', 'late', 'at once'].map((way, nonce) => {
      const body = toBody(HOSTS[nonce % HOSTS.length] ?? 'a', { nonce, way });
      const close = nonce === 4 ? 'connection: close\r\n' : '';
      return `POST /v1/chat/completions HTTP/1.1\r\nhost: paddock\r\n${close}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    });
    const answers = await sendRaw(paddock.url, written.join(''));
    const named = [...new Set(answers.match(/\b[abc]-\d\b/gu) ?? [])];
    const order = ['a-0', 'b-1', 'c-2', 'a-3', 'b-4'];
    // Bun does not answer pipelined requests, and closes the connection.
    expect(named).toEqual(order.slice(0, name === 'Bun' ? named.length : order.length));
  });
});
