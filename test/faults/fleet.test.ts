import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BARE_RUNTIMES, type Runtime } from '../runtimes/runtimes.ts';
import { chat, chatWith, readCatalog } from './clients.ts';
import { setStage, WELL, type Stage } from './stage.ts';

const ROUNDS = 10;

describe.each(BARE_RUNTIMES.filter(([name]) => name !== 'workerd'))('on %s', (_name, make) => {
  let runtime: Runtime;
  let stage: Stage;
  beforeAll(async () => {
    runtime = await make();
    stage = await setStage((settings) => runtime.start(settings));
  });
  afterAll(async () => {
    await stage?.close();
    await runtime?.close();
  });

  it(`half the hosts may go ${ROUNDS} times, and returns by itself`, async () => {
    const { frail, url } = stage;
    const names = frail.map(({ name }) => name);
    await stage.survives(async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const chatting = names.map((name) => chat(url, { model: `${name}/m` }));
        await Promise.all(frail.map((host) => host.die()));
        for (const { ending } of await Promise.all(chatting)) expect(ending).not.toBe('whole');
        // Nobody asks for a round of probes: the catalogs that the load reads see to it.
        const isListed = () => readCatalog(url, { well: [...WELL, ...names] });
        await expect.poll(isListed, { timeout: 5000 }).toMatch(/"status":"offline"/);
        await Promise.all(frail.map((host) => host.rise()));
        await expect.poll(isListed, { timeout: 5000 }).toBeNull();
        expect(await Promise.all(names.map((name) => chatWith(url, name)))).toEqual([null, null]);
      }
    });
  });

  it('clients and hosts may be in the middle of anything when Paddock is killed', async () => {
    for (let round = 0; round < 4; round += 1) {
      const chatting = [...WELL, ...WELL].map((name) => chat(stage.url, { model: `${name}/m` }));
      const adding = Array.from({ length: 20 }, (_, index) => stage.add(`b/${round}-${index}`));
      await Promise.race(adding);
      await stage.restart();
      for (const { ending } of await Promise.all(chatting))
        expect(['cut', 'whole']).toContain(ending);
      await Promise.all(adding);
      await stage.survives(async () => {});
    }
    expect(stage.confirmed.size).toBeGreaterThan(4);
  });
});
