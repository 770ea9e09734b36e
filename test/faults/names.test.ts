import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { call } from '../call.ts';
import { modelList, whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { startRecorder, type Reply } from '../recorder.ts';
import { SERVERS, startForTest, startServer } from '../runtimes/runtimes.ts';
import { chat, repeat } from './clients.ts';
import { KNOWN, LOOKUP_MS, SILENT, startHalfResolver, type HalfResolver } from './half-resolver.ts';

const LOST = ['lost1', 'lost2', 'lost3', 'lost4'];
/** The time that other requests may take on a busy machine, in milliseconds. Less than one lookup. */
const SOON_MS = LOOKUP_MS / 2;
/** Concurrent lookups on Node 20. */
const SIDE_BY_SIDE = 2;

/** Closes the connection after each answer, so that each request looks the name up. */
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

describe.each(SERVERS)(
  'on %s, host names without an answer of the name server',
  (_name, server) => {
    it('do not delay other providers and pages', async (context) => {
      if (resolver === null) return context.skip('it takes a name server of its own');
      const host = await whileTesting(startRecorder(answerAndClose));
      const settings = {
        PROVIDERS: [
          ...LOST.map((name) => `${name}=llama-swap://${name}.${SILENT}`),
          `healthy=llama-swap://healthy.${KNOWN}:${host.port}`,
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
        return providers.find(({ name }) => name === 'healthy')?.status;
      };
      const time = async <T>(work: () => Promise<T>) => {
        const startedAt = performance.now();
        return [await work(), performance.now() - startedAt] as const;
      };

      // By then, each lookup has timed out once.
      const timeout = (LOST.length / SIDE_BY_SIDE) * LOOKUP_MS + 3000;
      await expect.poll(readStatus, { timeout }).toBe('online');
      const seen = new Set<string | undefined>();
      const stop = repeat(async () => void seen.add(await readStatus()), 50);
      onTestFinished(stop);
      for (let round = 0; round < 30; round += 1) {
        const [{ status }, chatMs] = await time(() => chat(url, { model: 'healthy/m' }));
        const [page, pageMs] = await time(() => call(`${url}/picker.js`, { method: 'GET' }));
        expect({ status, chatMs, page: page.status, pageMs }).toEqual({
          status: 200,
          chatMs: expect.toSatisfy((ms: number) => ms < SOON_MS),
          page: 200,
          pageMs: expect.toSatisfy((ms: number) => ms < SOON_MS),
        });
        await sleep(150);
      }
      const [lost, lostMs] = await time(() =>
        chat(url, { model: 'lost1/m', leaveAfterMs: 12_000 }),
      );
      expect([lost.ending, lost.status]).toEqual(['unreachable', 502]);
      expect(lostMs).toBeLessThan(11_000);
      await stop();
      expect([...seen]).toEqual(['online']);
    });
  },
);
