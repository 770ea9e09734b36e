import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { call } from '../call.ts';
import { makeFolder } from '../make-app.ts';
import { openRaw } from '../raw-socket.ts';
import { SERVERS, startForTest, startServer, type Server } from '../runtimes/runtimes.ts';
import { openWebSocket } from '../web-socket-client.ts';
import { startFarMachine, type FarMachine } from './far-machine.ts';

const LIMIT_MS = 120_000;
const PORT = 9000;

/** A server that answers the model `quick`, starts a stream for `streams`, never answers others, and accepts WebSockets. */
const HOST = `
  const { createServer } = require('node:http');
  const { createHash } = require('node:crypto');
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) if (body.length < 1000) body += String(chunk);
    if (body.includes('quick')) return response.end('{}');
    if (!body.includes('streams')) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {}\\n\\n');
  });
  server.on('upgrade', (request, socket) => {
    const text = request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
    const accept = createHash('sha1').update(text).digest('base64');
    const head = 'HTTP/1.1 101 Yes\\r\\nconnection: Upgrade\\r\\nupgrade: websocket\\r\\nsec-websocket-accept: ';
    socket.write(head + accept + '\\r\\n\\r\\n');
    socket.resume();
  });
  server.listen(${PORT}, '0.0.0.0', () => console.log('listens'));
`;

/** How each request to a provider that vanishes ends, and after how many seconds. */
async function measure(server: Server, machine: FarMachine): Promise<Record<string, string>> {
  await machine.run(HOST, null);
  const settings = {
    PROVIDERS: `far=llama-swap://${machine.address}:${PORT}`,
    // No probe must notice it first.
    CATALOG_TTL_MS: '600000',
  };
  const { url } = await startForTest(startServer(server, { cwd: makeFolder(), settings }));
  const ask = async (model: string) => {
    const body = `{"model":"far/${model}","stream":true}`;
    try {
      const { status, text } = await call(`${url}/v1/chat/completions`, { body });
      return `${status} ${/"code":"(\w+)"/u.exec(text)?.[1] ?? ''}`.trim();
    } catch {
      return 'broken off';
    }
  };
  expect(await ask('quick')).toBe('200');
  const chat = await openWebSocket(`${url}/upstream/far/m/chat`);
  const upload = openRaw(
    url,
    'POST /upstream/far/m/x HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  const pieces = setInterval(() => upload.socket.write('3\r\nabc\r\n'), 100);
  onTestFinished(() => clearInterval(pieces));
  const running = {
    waits: ask('waits'),
    streams: ask('streams'),
    chats: chat.closed,
    uploads: upload.closed.then((text) => text.split(' ')[1] ?? 'broken off'),
  };
  await sleep(500);
  expect(await ask('quick')).toBe('200');

  machine.vanish();
  const vanishedAt = performance.now();
  const atOnce = ask('quick');
  const later = sleep(6000).then(() => ask('quick'));
  const took = async (ending: Promise<string>) => {
    const timer = sleep(LIMIT_MS, 'nothing', { ref: false });
    const seen = await Promise.race([ending, timer]);
    return `${seen} after ${Math.round((performance.now() - vanishedAt) / 1000)} s`;
  };
  const endings = Object.entries({ ...running, 'asked at once': atOnce, 'asked later': later });
  return Object.fromEntries(
    await Promise.all(endings.map(async ([name, ending]) => [name, await took(ending)] as const)),
  );
}

it('providers that vanish are noticed within two minutes', async (context) => {
  const machines = SERVERS.map(startFarMachine);
  onTestFinished(() => machines.forEach((machine) => machine?.close()));
  const measured = SERVERS.map(async ([name, server], at) => {
    const machine = machines[at] ?? null;
    if (machine === null) return context.skip('it takes root and iproute2');
    const endings = await measure(server, machine);
    console.log(`${name}: ${JSON.stringify(endings)}`);
    for (const ending of Object.values(endings)) expect(ending).not.toMatch(/^nothing/);
  });
  await Promise.all(measured);
}, 180_000);
