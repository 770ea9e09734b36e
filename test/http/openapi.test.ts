import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  catalogSchema,
  errorSchema,
  favoriteSchema,
  favoritesSchema,
  openAiListSchema,
  openAiModelSchema,
  orderSchema,
  providersSchema,
  resolutionSchema,
} from '../../src/http/schemas.ts';
import { startModels, type Host } from '../hosts.ts';
import { makeApp, put } from '../make-app.ts';

const SCHEMAS: Record<string, v.GenericSchema> = {
  'get /api/models': catalogSchema,
  'get /api/providers': providersSchema,
  'get /v1/models': openAiListSchema,
  'get /v1/models/{id}': openAiModelSchema,
  'get /api/resolve': resolutionSchema,
  'get /api/favorites': favoritesSchema,
  'put /api/favorites': favoritesSchema,
  'put /api/favorites/{id}': favoriteSchema,
  'delete /api/favorites/{id}': v.any(),
  'get /health': v.object({ status: v.literal('ok') }),
  'get /ready': v.object({ status: v.literal('ok') }),
};

let host: Host;

beforeAll(async () => {
  host = await startModels(['x']);
});
afterAll(() => host.close());

describe('the OpenAPI document', () => {
  it('describes exactly the routes there are, each status with an example that fits its schema', async () => {
    const app = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const document = await app.read('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods).map(([method, operation]) => [`${method} ${path}`, operation]),
    );
    expect(operations.map(([name]) => name).toSorted()).toEqual(Object.keys(SCHEMAS).toSorted());
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toBeTruthy();
      const body = operation.requestBody?.content['application/json'].schema;
      if (body !== undefined) expect(v.is(orderSchema, body.examples[0]), name).toBe(true);
      for (const [status, answer] of Object.entries<any>(operation.responses)) {
        const at = `${name} ${status}`;
        expect(answer.description, at).toBeTruthy();
        const content = answer.content?.['application/json'];
        if (status === '204' || status === '304') {
          expect(content, at).toBeUndefined();
          continue;
        }
        expect(content.schema.type, at).toBe('object');
        const examples = content.examples
          ? Object.values<any>(content.examples).map(({ value }) => value)
          : [content.example];
        expect(examples.length, at).toBeGreaterThan(0);
        const schema = Number(status) < 400 ? SCHEMAS[name] : errorSchema;
        for (const example of examples) expect(v.is(schema ?? v.never(), example), at).toBe(true);
      }
    }
  });

  it.each([
    ['get /api/models', '/api/models', {}],
    ['get /api/providers', '/api/providers', {}],
    ['get /v1/models', '/v1/models', {}],
    ['get /v1/models/{id}', '/v1/models/a/x', {}],
    ['get /v1/models/{id}', '/v1/models/a/none', {}],
    ['get /v1/models/{id}', '/v1/models/%00', {}],
    ['get /api/resolve', '/api/resolve?model=x', {}],
    ['get /api/resolve', '/api/resolve', {}],
    ['put /api/favorites/{id}', '/api/favorites/x', { method: 'PUT' }],
    ['put /api/favorites/{id}', '/api/favorites/%ff', { method: 'PUT' }],
    ['get /api/favorites', '/api/favorites', {}],
    ['put /api/favorites', '/api/favorites', put({ ids: [] })],
    ['put /api/favorites', '/api/favorites', put('{')],
    ['put /api/favorites', '/api/favorites', put({ ids: ['a/y'] })],
    ['delete /api/favorites/{id}', '/api/favorites/x', { method: 'DELETE' }],
    ['get /health', '/health', {}],
    ['get /ready', '/ready', {}],
  ])('agrees with what %s answers to %s', async (name, path, init) => {
    const live = makeApp({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    const [method = '', route = ''] = name.split(' ');
    const { paths } = await live.read('/openapi.json');
    const answer = await live.ask(path, init as RequestInit);
    expect(Object.keys(paths[route][method].responses)).toContain(String(answer.status));
    if (answer.status === 204) return;
    const schema = answer.ok ? SCHEMAS[name] : errorSchema;
    expect(v.safeParse(schema ?? v.never(), await answer.json()).issues).toBeUndefined();
  });
});
