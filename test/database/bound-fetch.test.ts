import { expect, it } from 'vitest';
import { openDatabase } from '../../src/runtime/database.ts';
import { json, startHost, text, whileTesting } from '../hosts.ts';
import { startRawHost } from '../trust/raw-host.ts';

const readFrom = (port: number) =>
  openDatabase({ url: `http://127.0.0.1:${port}`, authToken: 'zq-token' }).read({
    sql: 'SELECT 1',
  });

// Node's own fetch then waits for ever, whatever its signal says.
it('A server whose answers cannot be unpacked is given up on', async () => {
  const broken =
    'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nxxxxxxxxxxxxxxxxxx';
  const { port } = await whileTesting(startRawHost((socket) => void socket.end(broken, 'latin1')));
  await expect(readFrom(port)).rejects.toThrow();
}, 8000);

it('A server that repeats the token is quoted without it', async () => {
  const { port } = await whileTesting(
    startHost({ '/v2/pipeline': text('no such token: zq-token', 'text/plain', 401) }),
  );
  await expect(readFrom(port)).rejects.toThrow(/no such token: \*\*\*$/u);
});

it('names the reason that a server gives in JSON', async () => {
  const { port } = await whileTesting(
    startHost({
      '/v2/pipeline': json({ error: 'Unauthorized: the JWT zq-token is invalid' }, 401),
    }),
  );
  await expect(readFrom(port)).rejects.toThrow(
    /HTTP status 401: Unauthorized: the JWT \*\*\* is invalid$/u,
  );
});
