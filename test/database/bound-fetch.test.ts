import { expect, it } from 'vitest';
import { openDatabase } from '../../src/runtime/database.ts';
import { json, startHost, text, whileTesting } from '../hosts.ts';
import { startRawHost } from '../trust/raw-host.ts';

const readFrom = (port: number) =>
  openDatabase({ url: `http://127.0.0.1:${port}`, authToken: 'zq-token' }).read({
    sql: 'SELECT 1',
  });

// Node's fetch then waits forever and ignores its signal.
it('fails on an answer that cannot be decompressed', async () => {
  const broken =
    'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nxxxxxxxxxxxxxxxxxx';
  const { port } = await whileTesting(startRawHost((socket) => void socket.end(broken, 'latin1')));
  await expect(readFrom(port)).rejects.toThrow();
}, 8000);

it('quotes a server without the token that the server repeats', async () => {
  const { port } = await whileTesting(
    startHost({ '/v2/pipeline': text('no such token: zq-token', 'text/plain', 401) }),
  );
  await expect(readFrom(port)).rejects.toThrow(/no such token: \*\*\*$/u);
});

it('quotes the error that a server sends as JSON', async () => {
  const { port } = await whileTesting(
    startHost({
      '/v2/pipeline': json({ error: 'Unauthorized: the JWT zq-token is invalid' }, 401),
    }),
  );
  await expect(readFrom(port)).rejects.toThrow(
    /HTTP status 401: Unauthorized: the JWT \*\*\* is invalid$/u,
  );
});
