import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVERS, makeRuntime, type Runtime } from '../runtimes/runtimes.ts';
import { chat, chatWith, readCatalog } from './clients.ts';
import { startStage, HEALTHY, type Stage } from './stage.ts';

const ROUNDS = 10;

describe.each(SERVERS)('on %s', (_name, server) => {
  let runtime: Runtime;
  let stage: Stage;
  beforeAll(async () => {
    runtime = makeRuntime(server);
    stage = await startStage((settings) => runtime.start(settings));
  });
  afterAll(async () => {
    await stage?.close();
    await runtime?.close();
  });

  it(`half of the providers may go offline ${ROUNDS} times and return`, async () => {
    const { disturbed, url } = stage;
    const names = disturbed.map(({ name }) => name);
    await stage.runFault(async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const chatting = names.map((name) => chat(url, { model: `${name}/m` }));
        await Promise.all(disturbed.map((host) => host.kill()));
        for (const { ending } of await Promise.all(chatting)) expect(ending).not.toBe('whole');
        // The load's requests for the catalog start the probes.
        const isListed = () => readCatalog(url, { healthy: [...HEALTHY, ...names] });
        await expect.poll(isListed, { timeout: 15_000 }).toMatch(/"status":"offline"/);
        await Promise.all(disturbed.map((host) => host.restart()));
        await expect.poll(isListed, { timeout: 15_000 }).toBeNull();
        expect(await Promise.all(names.map((name) => chatWith(url, name)))).toEqual([null, null]);
      }
    });
  });

  it('Paddock may be killed during chats and writes', async () => {
    for (let round = 0; round < 4; round += 1) {
      const chatting = [...HEALTHY, ...HEALTHY].map((name) =>
        chat(stage.url, { model: `${name}/m` }),
      );
      const adding = Array.from({ length: 20 }, (_, index) => stage.add(`b/${round}-${index}`));
      await Promise.race(adding);
      await stage.restart();
      for (const { ending } of await Promise.all(chatting))
        expect(['cut', 'whole']).toContain(ending);
      await Promise.all(adding);
      await stage.runFault(async () => {});
    }
    expect(stage.confirmed.size).toBeGreaterThan(4);
  });
});
