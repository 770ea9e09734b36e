import { expect, it } from 'vitest';
import { json, modelList, startHost, whileTesting } from '../hosts.ts';
import { makeApp } from '../make-app.ts';

const HOUR_MS = 3_600_000;
const TTL_MS = 60_000;

it('a wall clock that jumps by hours does not change what is fresh', async () => {
  let asked = 0;
  const host = await whileTesting(
    startHost({
      '/v1/models': (...exchange) => json(modelList(`model-${(asked += 1)}`))(...exchange),
      '/running': json({ running: [] }),
    }),
  );
  let stepMs = 0;
  let elapsedMs = 0;
  const app = makeApp(
    {
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
      CATALOG_TTL_MS: String(TTL_MS),
    },
    {
      clock: {
        wall: () => Date.now() + stepMs,
        monotonic: () => performance.now() + elapsedMs,
      },
    },
  );
  const readModel = async () => (await app.read('/api/models')).providers[0].models[0].model;
  const added: string[] = [];
  for (const hours of [0, 5, -9, 48, -48, 0]) {
    stepMs = hours * HOUR_MS;
    const before = asked;
    const first = await app.read('/api/models?refresh=1');
    expect(Math.abs(Date.parse(first.generatedAt) - Date.now() - stepMs)).toBeLessThan(5000);
    // The snapshot stays fresh, whatever the wall clock says.
    stepMs += 7 * HOUR_MS;
    expect(await readModel()).toBe(`model-${before + 1}`);
    elapsedMs += 2 * TTL_MS;
    stepMs -= 14 * HOUR_MS;
    await expect.poll(readModel, { interval: 20 }).not.toBe(`model-${before + 1}`);
    const id = `a/kept-${added.length}`;
    expect((await app.ask(`/api/favorites/${id}`, { method: 'PUT' })).status).toBe(201);
    added.push(id);
    const { favorites } = await app.read('/api/favorites');
    expect(favorites.map((favorite: { id: string }) => favorite.id)).toEqual(added);
  }
  expect(app.logged).toEqual([]);
});
