import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { call } from '../call.ts';
import { modelList, whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { startRecorder, type Reply } from '../recorder.ts';
import { BUN, NODE, startForTest, startServer } from '../runtimes/runtimes.ts';
import { chat, repeat } from './clients.ts';
import { KNOWN, LOOKUP_MS, SILENT, startHalfResolver, type HalfResolver } from './half-resolver.ts';

const LOST = ['lost1', 'lost2', 'lost3', 'lost4'];
/** How long others may take on a busy machine, in milliseconds: less than one lookup. */
const SOON_MS = LOOKUP_MS / 2;
/** How many lookups wait at a time on Node 20. */
const SIDE_BY_SIDE = 2;

/** A host to which each request is a connection of its own, so that each looks its name up. */
const answerAndClose: Reply = (response, { url }) => {
  const body = url === '/running' ? { running: [] } : modelList('m');
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
};

let resolver: HalfResolver | null;
beforeAll(async () => {
  resolver = await startHalfResolver();
});
afterAll(() => resolver?.close());

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('on %s, host names that no name server answers for', (_name, server) => {
  it('harm no other host, and no page', async (context) => {
    if (resolver === null) return context.skip('it takes a name server of its own');
    const host = await whileTesting(startRecorder(answerAndClose));
    const settings = {
      PROVIDERS: [
        ...LOST.map((name) => `${name}=llama-swap://${name}.${SILENT}`),
        `well=llama-swap://well.${KNOWN}:${host.port}`,
      ].join(' '),
      PROBE_TIMEOUT_MS: '2000',
      CATALOG_TTL_MS: '100',
    };
    const { url } = await startForTest(
      startServer(resolver.before(server), { cwd: makeFolder(), settings }),
    );
    const readStatus = async () => {
      const { text } = await call(`${url}/api/models`, { method: 'GET' });
      const { providers } = JSON.parse(text) as { providers: { name: string; status: string }[] };
      return providers.find(({ name }) => name === 'well')?.status;
    };
    const time = async <T>(work: () => Promise<T>) => {
      const startedAt = performance.now();
      return [await work(), performance.now() - startedAt] as const;
    };

    // Each name has been waited for once by then.
    const timeout = (LOST.length / SIDE_BY_SIDE) * LOOKUP_MS + 3000;
    await expect.poll(readStatus, { timeout }).toBe('online');
    const seen = new Set<string | undefined>();
    const stop = repeat(async () => void seen.add(await readStatus()), 50);
    onTestFinished(stop);
    for (let round = 0; round < 30; round += 1) {
      const [{ status }, chatMs] = await time(() => chat(url, { model: 'well/m' }));
      const [page, pageMs] = await time(() => call(`${url}/picker.js`, { method: 'GET' }));
      expect({ status, chatMs, page: page.status, pageMs }).toEqual({
        status: 200,
        chatMs: expect.toSatisfy((ms: number) => ms < SOON_MS),
        page: 200,
        pageMs: expect.toSatisfy((ms: number) => ms < SOON_MS),
      });
      await sleep(150);
    }
    const [lost, lostMs] = await time(() => chat(url, { model: 'lost1/m', patienceMs: 12_000 }));
    expect([lost.ending, lost.status]).toEqual(['unreachable', 502]);
    expect(lostMs).toBeLessThan(11_000);
    await stop();
    expect([...seen]).toEqual(['online']);
  });
});
