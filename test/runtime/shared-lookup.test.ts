import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createUpstreamClient } from '../../src/runtime/http-client/upstream-client.ts';
import { createNodeTransport } from '../../src/runtime/node/node-transport.ts';
import { createSharedLookup } from '../../src/runtime/shared-lookup.ts';
import { whileTesting } from '../hosts.ts';
import { startRecorder } from '../recorder.ts';

const HERE: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];
const NOTHING = new Promise<never>(() => {});
const MINUTE_MS = 60_000;

/** A lookup that a test resolves. */
function makeFinding() {
  let found = () => {};
  const finding = new Promise<LookupAddress[]>((resolve) => {
    found = () => resolve(HERE);
  });
  return { finding, found };
}

/** A client whose every request looks up its host, and functions that control the lookups. */
async function makeClient() {
  const host = await whileTesting(
    startRecorder((response) => response.writeHead(200, { connection: 'close' }).end()),
  );
  const lookups: string[] = [];
  let answer: Promise<LookupAddress[]> = Promise.resolve(HERE);
  let later = 0;
  const lookup = createSharedLookup({
    resolve: (name) => {
      lookups.push(name);
      return answer;
    },
    now: () => performance.now() + later,
  });
  const { transport } = createNodeTransport(createUpstreamClient({ lookup }));
  return {
    port: host.port,
    lookups,
    lookup,
    answer: (next: Promise<LookupAddress[]>) => (answer = next),
    pass: (milliseconds: number) => (later += milliseconds),
    send: async (name: string) => {
      const answered = await transport.send({
        base: `http://${name}:${host.port}`,
        path: '/',
        method: 'GET',
        headers: {},
        body: null,
        client: new Request('http://paddock.test/'),
      });
      await new Response(answered.toResponse({}).body).text();
      return answered.status;
    },
  };
}

describe('a shared lookup', () => {
  it('resolves a name once for all connections that wait for it', async () => {
    const { answer, send, lookups } = await makeClient();
    const { found, finding } = makeFinding();
    answer(finding);
    const sending = ['a.test', 'a.test', 'b.test', 'a.test'].map(send);
    await expect.poll(() => lookups).toEqual(['a.test', 'b.test']);
    found();
    expect(await Promise.all(sending)).toEqual([200, 200, 200, 200]);
  });

  it('resolves a name again for the next connection', async () => {
    const { answer, send, lookups } = await makeClient();
    await send('a.test');
    await send('a.test');
    expect(lookups).toEqual(['a.test', 'a.test']);
    answer(Promise.reject(Object.assign(new Error('gone'), { code: 'ENOTFOUND' })));
    await expect(send('a.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('uses the last addresses when no answer comes, and waits for it only once', async () => {
    const { answer, send, lookups } = await makeClient();
    await send('a.test');
    answer(NOTHING);
    expect(await send('a.test')).toBe(200);
    const startedAt = performance.now();
    expect(await send('a.test')).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(400);
    expect(lookups).toEqual(['a.test', 'a.test']);
  });

  it('waits for an answer when the last one is older than ten minutes', async () => {
    const { answer, send, pass } = await makeClient();
    await send('a.test');
    pass(11 * MINUTE_MS);
    const { found, finding } = makeFinding();
    answer(finding);
    const sending = send('a.test');
    const timeout = new Promise((resolve) => setTimeout(resolve, 800, 'still waiting'));
    expect(await Promise.race([sending, timeout])).toBe('still waiting');
    found();
    expect(await sending).toBe(200);
  });

  it.each([true, false])('serves Node’s own connections, with autoSelectFamily %s', async (all) => {
    const { lookup, port } = await makeClient();
    const socket = connect({ host: 'a.test', port, lookup, autoSelectFamily: all });
    await once(socket, 'connect');
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });
});
