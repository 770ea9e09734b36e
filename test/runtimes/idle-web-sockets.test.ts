import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { openRaw } from '../raw-socket.ts';
import { startWebSocketHost } from '../web-socket-host.ts';
import { makeRuntime, SERVERS } from './runtimes.ts';

/** Longer than Node and Bun keep other idle connections. */
const IDLE_MS = 8000;

const UPGRADE = [
  'GET /upstream/one/m/echo HTTP/1.1',
  'host: localhost',
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
];
/** "hi", masked with zeros. */
const MESSAGE = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);

describe.concurrent.each(SERVERS)('an idle WebSocket on %s', (_name, server) => {
  it('stays open on a connection that carried a request before', async ({
    expect,
    onTestFinished,
  }) => {
    const upstream = await startWebSocketHost();
    const runtime = makeRuntime(server);
    const PROVIDERS = `one=llama-swap://127.0.0.1:${upstream.port}`;
    const paddock = await runtime.start({ PROVIDERS });
    onTestFinished(async () => {
      await paddock.kill();
      await Promise.all([runtime.close(), upstream.close()]);
    });
    const request = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';
    const { socket, received } = openRaw(paddock.url, request);
    await expect.poll(received).toContain('"ok"');
    socket.write(`${UPGRADE.join('\r\n')}\r\n\r\n`);
    await expect.poll(received).toMatch(/ 101 /);
    await sleep(IDLE_MS);
    socket.write(MESSAGE);
    await expect.poll(received).toMatch(/hi$/);
    socket.destroy();
  });
});
