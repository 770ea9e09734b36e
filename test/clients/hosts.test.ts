import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KEY, COLD_MS, CLIENT_RUNTIMES, startFleet, type TestFleet } from './fleet.ts';

describe.each(CLIENT_RUNTIMES)(
  'two providers with a model of the same name, on %s',
  (_name, make) => {
    let fleet: TestFleet;
    let client: OpenAI;

    beforeAll(async () => {
      fleet = await startFleet(make);
      client = new OpenAI({ baseURL: `${fleet.url}/v1`, apiKey: CLIENT_KEY, maxRetries: 0 });
    });
    afterAll(() => fleet?.close());

    const chat = async (model: string) => {
      const messages = [{ role: 'user' as const, content: 'Who are you?' }];
      const { choices } = await client.chat.completions.create({ model, messages });
      return choices[0]?.message.content;
    };
    const started = () => fleet.a.started() + fleet.b.started();

    it('list their models without loading one', async () => {
      const before = started();
      for (const query of [{}, { refresh: '1' }]) {
        const { data } = await client.models.list({ query });
        expect(data.map(({ id }) => id)).toEqual(
          expect.arrayContaining(['a/shared', 'b/shared', 'a/cold']),
        );
      }
      await client.models.retrieve('a/cold');
      expect(fleet.a.counts.requests.get('GET /v1/models')).toBeGreaterThanOrEqual(2);
      expect(fleet.b.counts.requests.get('GET /v1/models')).toBeGreaterThanOrEqual(2);
      expect(started()).toBe(before);
    });

    it.each([
      ['a/shared', 'host-a'],
      ['b/shared', 'host-b'],
      ['shared', 'host-a'],
    ])('answer %s from %s', async (id, host) => {
      expect(await chat(id)).toContain(`This is shared, answering from ${host}.`);
    });

    it('answer concurrent requests for their own model', async () => {
      const ids = Array.from({ length: 12 }, (_, index) =>
        index % 2 === 0 ? 'a/shared' : 'b/shared',
      );
      const texts = await Promise.all(ids.map(chat));
      for (const [index, id] of ids.entries()) {
        expect(texts[index]).toContain(`answering from host-${id.slice(0, 1)}.`);
      }
      expect([...fleet.a.counts.loads, ...fleet.b.counts.loads]).toEqual([
        ['shared', 1],
        ['shared', 1],
      ]);
    });

    it('load a model once for concurrent requests', async () => {
      const before = performance.now();
      const texts = await Promise.all([chat('a/cold'), chat('cold'), chat('a/cold')]);
      // Timers may fire slightly early.
      expect(performance.now() - before).toBeGreaterThan(COLD_MS - 5);
      for (const text of texts) expect(text).toContain('This is cold, answering from host-a.');
      expect(fleet.a.counts.loads.get('cold')).toBe(1);
      expect(await chat('a/cold')).toContain('This is cold');
      expect(fleet.a.counts.loads.get('cold')).toBe(1);
    });
  },
);
