import { expect, it } from 'vitest';
import { whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';
import { startRawHost } from '../trust/raw-host.ts';

/** An answer that claims gzip, and is not compressed. */
const BROKEN =
  'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\nxxxxxxxxxxxxxxxxxx';

const startBroken = () => whileTesting(startRawHost((socket) => void socket.end(BROKEN, 'latin1')));

it('reports a provider as offline at once if its answers cannot be decoded', async () => {
  const { port } = await startBroken();
  const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${port}?timeout=20000` });
  const { providers } = await app.read('/api/models');
  expect(providers[0]).toMatchObject({
    status: 'offline',
    error: { code: 'provider_unreachable' },
  });
  expect((await app.ask('/api/providers/a/running')).status).toBe(502);
  expect((await app.read('/api/doctor')).hosts[0].status).toBe('offline');
}, 5000);
