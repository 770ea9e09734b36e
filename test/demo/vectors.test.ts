import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { readJson, send, startHost } from './host-fixture.ts';

const length = (vector: number[]) => Math.hypot(...vector);

describe('/v1/embeddings', () => {
  test('answers a unit vector for each text, which depends only on the text', async () => {
    const host = await startHost();
    const other = await startHost({ name: 'other-host' });
    const embed = async (url: string, input: unknown) => {
      const body = await readJson(send(`${url}/v1/embeddings`, { model: 'small', input }));
      return body.data.map(({ embedding }: { embedding: number[] }) => embedding);
    };
    const [cat, dog] = await embed(host.url, ['a cat', 'a dog']);
    expect(cat).toHaveLength(64);
    expect(length(cat)).toBeCloseTo(1);
    expect(cat).not.toEqual(dog);
    expect(await embed(other.url, 'a dog')).toEqual([dog]);
    expect(await embed(host.url, [1, 2])).toHaveLength(1);
    expect(await embed(host.url, [[1, 2], [3]])).toHaveLength(2);
  });

  test('answers base64 of little-endian floats, as OpenAI’s client requests', async () => {
    const host = await startHost();
    const client = new OpenAI({ baseURL: `${host.url}/v1`, apiKey: 'none' });
    const request = { model: 'small', input: ['a cat'], dimensions: 100 };
    const decoded = await client.embeddings.create(request);
    const plain = await client.embeddings.create({ ...request, encoding_format: 'float' });
    expect(plain.data[0]?.embedding).toHaveLength(100);
    expect(decoded.data).toEqual(plain.data);
    const raw = await send(`${host.url}/v1/embeddings`, { ...request, encoding_format: 'base64' });
    const bytes = Buffer.from((await readJson(raw)).data[0].embedding, 'base64');
    expect(bytes).toHaveLength(400);
    expect(bytes.readFloatLE(4)).toBe(plain.data[0]?.embedding[1]);
  });

  test('answers 400 without input', async () => {
    const host = await startHost();
    expect((await send(`${host.url}/v1/embeddings`, { model: 'small' })).status).toBe(400);
  });
});

describe('reranking', () => {
  const query = 'Where does the panda live?';
  const documents = ['It rains', 'The panda does live in China', 'A panda eats'];

  test('sorts documents by the words that they share with the query', async () => {
    const host = await startHost();
    const url = `${host.url}/v1/rerank`;
    const reply = await readJson(send(url, { model: 'small', query, documents }));
    expect(reply).toMatchObject({ object: 'list', model: 'small' });
    expect(reply.results.map(({ index }: { index: number }) => index)).toEqual([1, 2, 0]);
    const scores = reply.results.map((row: { relevance_score: number }) => row.relevance_score);
    expect(scores).toEqual(scores.toSorted((a: number, b: number) => b - a));
    const top = { model: 'small', query, documents, top_n: 1 };
    expect((await readJson(send(url, top))).results).toEqual([reply.results[0]]);
    const tei = await readJson(send(url, { model: 'small', query, texts: documents }));
    expect(tei[0]).toEqual({ index: 1, score: scores[0] });
  });

  test.each([{ documents }, { query }, { query, documents: [] }])(
    'answers 400 for %j',
    async (body) => {
      const host = await startHost();
      expect((await send(`${host.url}/rerank`, { model: 'small', ...body })).status).toBe(400);
    },
  );
});
