import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { call } from '../call.ts';
import { whileTesting } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { makeFolder } from '../make-app.ts';
import { openRaw } from '../raw-socket.ts';
import { SERVERS, startForTest, startServer, type Server } from '../runtimes/runtimes.ts';
import { startWebSocketHost } from '../web-socket-host.ts';
import { startFarMachine, type FarMachine } from './far-machine.ts';

const LIMIT_MS = 120_000;

/** Opens a connection for each request, and reads the answer or does not. */
const CLIENTS = `
  const { connect } = require('node:net');
  const { host, port, requests } = JSON.parse(process.argv[1]);
  for (const { bytes, reads } of requests) {
    const socket = connect(port, host, () => socket.write(bytes));
    socket.on('error', () => {});
    if (reads) socket.resume();
  }
  setTimeout(() => console.log('sent'), 1000);
  setInterval(() => {}, 1000);
`;

/** What a client does when it vanishes. Each has its own key, model and concurrency limit. */
const DOING = ['waits', 'reads', 'stalls', 'chats'] as const;
type Doing = (typeof DOING)[number];

/** An upstream whose answers never end, except for the model `quick`. */
async function startEndlessHost() {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const model = /"model":"(\w+)"/u.exec(body)?.[1];
    if (model === 'waits') return;
    if (model === 'reads') return trickle(response);
    if (model === 'stalls') return flood(response);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => void server.close().closeAllConnections(),
  };
}

function trickle(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const writing = setInterval(() => response.write('data: {}\n\n'), 200);
  response.once('close', () => clearInterval(writing));
}

function flood(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const piece = Buffer.alloc(1 << 16, '\n');
  const write = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', write);
  write();
}

function toRequest(doing: Doing): { bytes: string; reads: boolean } {
  const head = `host: localhost\r\nx-api-key: ${doing}`;
  const reads = doing !== 'stalls';
  if (doing === 'chats') {
    const upgrade =
      'connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';
    return { bytes: `GET /upstream/sockets/m/x HTTP/1.1\r\n${head}\r\n${upgrade}\r\n\r\n`, reads };
  }
  const body = `{"model":"host/${doing}","stream":true}`;
  const length = `content-type: application/json\r\ncontent-length: ${body.length}`;
  return {
    bytes: `POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n${length}\r\n\r\n${body}`,
    reads,
  };
}

/** After how many seconds the requests of vanished clients no longer count for their limit. */
async function measure(server: Server, machine: FarMachine): Promise<number[]> {
  const host = await whileTesting(startEndlessHost());
  const sockets = await whileTesting(startWebSocketHost());
  const settings = {
    HOST: '0.0.0.0',
    PROVIDERS: `host=llama-swap://127.0.0.1:${host.port} sockets=llama-swap://127.0.0.1:${sockets.port}`,
    API_KEYS: [...DOING, 'slow'].map((key) => `${key}:${key}`).join(),
    CONCURRENCY_LIMIT: '1',
  };
  const paddock = await startForTest(startServer(server, { cwd: makeFolder(), settings }));
  const port = Number(new URL(paddock.url).port);
  const url = `http://127.0.0.1:${port}`;
  const ask = async (key: string) => {
    const headers = { 'x-api-key': key };
    const body = '{"model":"host/quick"}';
    return (await call(`${url}/v1/chat/completions`, { headers, body })).status;
  };
  const { socket: slow } = openRaw(url, toRequest('stalls').bytes.replace('stalls', 'slow'));
  slow.pause();
  const requests = DOING.map(toRequest);
  await machine.run(CLIENTS, { host: machine.near, port, requests });
  const keys = [...DOING, 'slow'];
  expect(await Promise.all(keys.map(ask))).toEqual(keys.map(() => 429));

  machine.vanish();
  const vanishedAt = performance.now();
  const waitFor = async (key: string) => {
    while ((await ask(key)) === 429 && performance.now() - vanishedAt < LIMIT_MS) await sleep(1000);
    return Math.round((performance.now() - vanishedAt) / 1000);
  };
  const seconds = await Promise.all(DOING.map(waitFor));
  // This client reads nothing either, but its machine acknowledges packets.
  await sleep(10_000);
  expect([await ask('slow'), slow.destroyed]).toEqual([429, false]);
  const ends = readLines(paddock.output()).filter(({ end }) => end === 'client_gone');
  expect(ends.map(({ client }) => client).toSorted()).toEqual([...DOING].toSorted());
  slow.destroy();
  return seconds;
}

it('clients that vanish are noticed within two minutes, and slow ones stay connected', async (context) => {
  const machines = SERVERS.map(startFarMachine);
  onTestFinished(() => machines.forEach((machine) => machine?.close()));
  const measured = SERVERS.map(async ([name, server], at) => {
    const machine = machines[at] ?? null;
    if (machine === null) return context.skip('it takes root and iproute2');
    const seconds = await measure(server, machine);
    console.log(`${name} noticed a client that ${DOING.join(', ')} after ${seconds.join(', ')} s`);
    for (const each of seconds) expect(each).toBeLessThan(LIMIT_MS / 1000);
  });
  await Promise.all(measured);
}, 180_000);
