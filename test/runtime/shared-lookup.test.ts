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

/** An answer that comes when it is told to. */
function makeFinding() {
  let found = () => {};
  const finding = new Promise<LookupAddress[]>((resolve) => {
    found = () => resolve(HERE);
  });
  return { finding, found };
}

/** Requests that each look up the name of their host, and how lookups end from now on. */
async function makeClient() {
  const host = await whileTesting(
    startRecorder((response) => response.writeHead(200, { connection: 'close' }).end()),
  );
  const asked: string[] = [];
  let answer: Promise<LookupAddress[]> = Promise.resolve(HERE);
  let later = 0;
  const lookup = createSharedLookup({
    resolve: (name) => {
      asked.push(name);
      return answer;
    },
    now: () => performance.now() + later,
  });
  const { transport } = createNodeTransport(createUpstreamClient({ lookup }));
  return {
    port: host.port,
    asked,
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
  it('asks for a name once at a time, however many connections wait for it', async () => {
    const { answer, send, asked } = await makeClient();
    const { found, finding } = makeFinding();
    answer(finding);
    const sending = ['a.test', 'a.test', 'b.test', 'a.test'].map(send);
    await expect.poll(() => asked).toEqual(['a.test', 'b.test']);
    found();
    expect(await Promise.all(sending)).toEqual([200, 200, 200, 200]);
  });

  it('asks anew for the next connection while answers come', async () => {
    const { answer, send, asked } = await makeClient();
    await send('a.test');
    await send('a.test');
    expect(asked).toEqual(['a.test', 'a.test']);
    answer(Promise.reject(Object.assign(new Error('gone'), { code: 'ENOTFOUND' })));
    await expect(send('a.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('takes the last known addresses where no answer comes, and waits for that once', async () => {
    const { answer, send, asked } = await makeClient();
    await send('a.test');
    answer(NOTHING);
    expect(await send('a.test')).toBe(200);
    const startedAt = performance.now();
    expect(await send('a.test')).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(400);
    expect(asked).toEqual(['a.test', 'a.test']);
  });

  it('waits for an answer where the last is ten minutes old', async () => {
    const { answer, send, pass } = await makeClient();
    await send('a.test');
    pass(11 * MINUTE_MS);
    const { found, finding } = makeFinding();
    answer(finding);
    const sending = send('a.test');
    const patience = new Promise((resolve) => setTimeout(resolve, 800, 'still waiting'));
    expect(await Promise.race([sending, patience])).toBe('still waiting');
    found();
    expect(await sending).toBe(200);
  });

  it.each([true, false])('serves Node’s own connections, to any address: %s', async (all) => {
    const { lookup, port } = await makeClient();
    const socket = connect({ host: 'a.test', port, lookup, autoSelectFamily: all });
    await once(socket, 'connect');
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });
});
