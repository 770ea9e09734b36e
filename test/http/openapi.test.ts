import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  anthropicErrorSchema,
  catalogSchema,
  contextSchema,
  doctorSchema,
  errorSchema,
  favoriteSchema,
  favoritesSchema,
  openAiListSchema,
  openAiModelSchema,
  orderSchema,
  opencodeSchema,
  providersSchema,
  resolutionSchema,
  rolesSchema,
  runningSchema,
  unloadByIdSchema,
  unloadedSchema,
  unloadSchema,
} from '../../src/http/schemas.ts';
import { makeApp } from '../make-app.ts';

const SCHEMAS: Record<string, v.GenericSchema> = {
  'get /api/models': catalogSchema,
  'get /api/providers': providersSchema,
  'get /v1/models': openAiListSchema,
  'get /v1/models/{id}': openAiModelSchema,
  'get /api/resolve': resolutionSchema,
  'get /api/roles': rolesSchema,
  'get /api/context': contextSchema,
  'get /api/providers/{name}/running': runningSchema,
  'post /api/providers/{name}/unload': unloadedSchema,
  'post /api/unload': unloadedSchema,
  'get /api/doctor': doctorSchema,
  'get /api/opencode.json': opencodeSchema,
  'get /api/favorites': favoritesSchema,
  'put /api/favorites': favoritesSchema,
  'put /api/favorites/{id}': favoriteSchema,
  'delete /api/favorites/{id}': v.any(),
  'get /health': v.object({ status: v.literal('ok') }),
  'get /ready': v.object({ status: v.literal('ok') }),
};

const BODIES: Record<string, v.GenericSchema> = {
  'put /api/favorites': orderSchema,
  'post /api/providers/{name}/unload': unloadSchema,
  'post /api/unload': unloadByIdSchema,
};

/** Routes of which the host makes the answer, by the errors that Paddock makes. */
const RELAYED: Record<string, v.GenericSchema> = Object.fromEntries([
  ...[
    'post /v1/chat/completions',
    'post /v1/responses',
    'post /v1/completions',
    'post /v1/embeddings',
    'post /v1/rerank',
    'post /v1/reranking',
    'post /rerank',
    'post /reranking',
    'post /infill',
    'post /completion',
    'post /v1/audio/speech',
    'post /v1/audio/transcriptions',
    'post /v1/audio/voices',
    'post /v1/images/generations',
    'post /v1/images/edits',
    'post /sdapi/v1/txt2img',
    'post /sdapi/v1/img2img',
    'post /audioapi/v1/tasks/run',
    'get /v1/audio/voices',
    'get /sdapi/v1/loras',
    'get /props',
    ...['get', 'put', 'post', 'delete', 'patch'].map(
      (method) => `${method} /upstream/{provider}/{rest}`,
    ),
  ].map((route) => [route, errorSchema]),
  ...['post /v1/messages', 'post /v1/messages/count_tokens'].map((route) => [
    route,
    anthropicErrorSchema,
  ]),
]);

/** Routes that answer texts of other types, each with what its example is like. */
const TEXTS: Record<string, [type: string, like: RegExp]> = {
  'get /api/events': ['text/event-stream', /^event: .*\ndata: /],
  'get /metrics': ['text/plain', /^# HELP .*\n# TYPE /],
};

describe('the OpenAPI document', () => {
  it('describes exactly the routes there are, each status with an example that fits its schema', async () => {
    const app = makeApp({});
    const document = await app.read('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods).map(([method, operation]) => [`${method} ${path}`, operation]),
    );
    const known = [...Object.keys(SCHEMAS), ...Object.keys(RELAYED), ...Object.keys(TEXTS)];
    expect(operations.map(([name]) => name).toSorted()).toEqual(known.toSorted());
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toBeTruthy();
      const body = operation.requestBody?.content['application/json'].schema;
      const bodySchema = BODIES[name];
      if (bodySchema) expect(v.is(bodySchema, body.examples[0]), name).toBe(true);
      for (const [status, answer] of Object.entries<any>(operation.responses)) {
        const at = `${name} ${status}`;
        expect(answer.description, at).toBeTruthy();
        const content = answer.content?.['application/json'];
        const isRelayed = name in RELAYED && status === '200';
        if (status === '204' || status === '304' || isRelayed) {
          expect(content, at).toBeUndefined();
          continue;
        }
        const text = TEXTS[name];
        if (text !== undefined && status === '200') {
          const [type, like] = text;
          expect(answer.content[type].example, at).toMatch(like);
          continue;
        }
        expect(content.schema.type, at).toBe('object');
        const examples = content.examples
          ? Object.values<any>(content.examples).map(({ value }) => value)
          : [content.example];
        expect(examples.length, at).toBeGreaterThan(0);
        const schema = Number(status) < 400 ? SCHEMAS[name] : (RELAYED[name] ?? errorSchema);
        for (const example of examples) expect(v.is(schema ?? v.never(), example), at).toBe(true);
      }
    }
  });
});
