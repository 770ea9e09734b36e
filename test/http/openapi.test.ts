import { Ajv2020 } from 'ajv/dist/2020.js';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { catalogAnswer, providersAnswer } from '../../src/catalog/catalog.ts';
import { contextAnswer, resolutionAnswer, rolesAnswer } from '../../src/catalog/describe-model.ts';
import { openAiListAnswer, openAiModelAnswer } from '../../src/catalog/openai-models.ts';
import { runningEverywhereAnswer } from '../../src/catalog/swap-models.ts';
import { opencodeAnswer } from '../../src/catalog/opencode-schema.ts';
import { doctorAnswer } from '../../src/doctor/diagnosis.ts';
import {
  anthropicErrorSchema,
  errorSchema,
  ollamaErrorSchema,
} from '../../src/http/openapi/error-schemas.ts';
import {
  chatAnswer,
  embedAnswer,
  embeddingsAnswer,
  generateAnswer,
} from '../../src/ollama/answers.ts';
import { inMemoryAnswer, showAnswer, tagsAnswer } from '../../src/ollama/models.ts';
import { favoriteAnswer, favoritesAnswer } from '../../src/http/routes/favorites-document.ts';
import { conflictAnswer, orderSchema } from '../../src/http/routes/favorites.ts';
import { loadedAnswer, loadSchema } from '../../src/http/routes/load.ts';
import {
  runningAnswer,
  unloadByIdSchema,
  unloadedAnswer,
  unloadSchema,
} from '../../src/http/routes/management-schemas.ts';
import {
  routerModelSchema,
  successAnswer,
  unloadedAllAnswer,
  versionAnswer,
} from '../../src/http/routes/swap-schemas.ts';
import { makeApp } from '../make-app.ts';
import { follow, readDocument } from './openapi-document.ts';

const SCHEMAS: Record<string, v.GenericSchema> = {
  'get /api/models': catalogAnswer.schema,
  'get /api/providers': providersAnswer.schema,
  'get /v1/models': openAiListAnswer.schema,
  'get /models': openAiListAnswer.schema,
  'get /v1/models/{id}': openAiModelAnswer.schema,
  'get /api/resolve': resolutionAnswer.schema,
  'get /api/roles': rolesAnswer.schema,
  'get /api/context': contextAnswer.schema,
  'get /api/providers/{name}/running': runningAnswer.schema,
  'post /api/load': loadedAnswer.schema,
  'post /api/providers/{name}/unload': unloadedAnswer.schema,
  'post /api/unload': unloadedAnswer.schema,
  'get /running': runningEverywhereAnswer.schema,
  'get /api/version': versionAnswer.schema,
  'post /api/models/unload': unloadedAllAnswer.schema,
  'post /models/load': successAnswer.schema,
  'post /models/unload': successAnswer.schema,
  'get /api/doctor': doctorAnswer.schema,
  'get /api/opencode.json': opencodeAnswer.schema,
  'get /api/favorites': favoritesAnswer.schema,
  'put /api/favorites': favoritesAnswer.schema,
  'put /api/favorites/{id}': favoriteAnswer.schema,
  'delete /api/favorites/{id}': v.any(),
  'get /api/tags': tagsAnswer.schema,
  'get /api/ps': inMemoryAnswer.schema,
  'post /api/show': showAnswer.schema,
  'post /api/chat': chatAnswer.schema,
  'post /api/generate': generateAnswer.schema,
  'post /api/embed': embedAnswer.schema,
  'post /api/embeddings': embeddingsAnswer.schema,
  'get /health': v.object({ status: v.literal('ok') }),
  'get /ready': v.object({ status: v.literal('ok') }),
};

const BODIES: Record<string, v.GenericSchema> = {
  'put /api/favorites': orderSchema,
  'post /api/load': loadSchema,
  'post /api/providers/{name}/unload': unloadSchema,
  'post /api/unload': unloadByIdSchema,
  'post /models/load': routerModelSchema,
  'post /models/unload': routerModelSchema,
};

/** Routes of Ollama's API: all their errors have its shape. */
const OLLAMA = /^\w+ \/api\/(?:tags|ps|show|chat|generate|embed|embeddings)$/u;

/** Routes that pass on an upstream's answer, with the schema of Paddock's errors. */
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

/** Routes that answer other text types, with a pattern of their examples. */
const TEXTS: Record<string, [type: string, pattern: RegExp]> = {
  'get /api/events': ['text/event-stream', /^event: .*\ndata: /],
  'get /api/providers/{name}/logs': ['text/plain', /^\[INFO\] .*\n/],
  'get /metrics': ['text/plain', /^# HELP .*\n# TYPE /],
  'post /api/models/unload/{id}': ['text/plain', /^OK$/],
};

/** Keywords that do not constrain a value. */
const KEYWORDS = ['example'];

const ajv = new Ajv2020({ strict: true, formats: { 'date-time': true }, keywords: KEYWORDS });

/** Every reference within a part of a document. */
function findRefs(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' ? [value] : findRefs(value),
  );
}

describe('the OpenAPI document', () => {
  it('describes exactly the existing routes, each status with an example that matches its schema', async () => {
    const { document, operations } = await readDocument(makeApp({}));
    expect(document.openapi).toBe('3.1.0');
    const known = [...Object.keys(SCHEMAS), ...Object.keys(RELAYED), ...Object.keys(TEXTS)];
    expect(operations.map(({ name }) => name).toSorted()).toEqual(known.toSorted());
    for (const { name, summary, requestBody, responses } of operations) {
      expect(summary, name).toBeTruthy();
      const bodySchema = BODIES[name];
      const [example] = requestBody?.content['application/json']?.schema.examples ?? [];
      if (bodySchema) expect(v.is(bodySchema, example), name).toBe(true);
      for (const [status, answer] of Object.entries(responses)) {
        const at = `${name} ${status}`;
        expect(answer.description, at).toBeTruthy();
        const content = answer.content?.['application/json'];
        const isRelayed = name in RELAYED && (status === '200' || status === 'default');
        if (status === '101' || status === '204' || status === '304') {
          expect(content, at).toBeUndefined();
          continue;
        }
        if (isRelayed) {
          expect(Object.keys(answer.content ?? {}), at).toContain('*/*');
          continue;
        }
        const text = TEXTS[name];
        if (text !== undefined && status === '200') {
          const [type, pattern] = text;
          expect(answer.content?.[type]?.example, at).toMatch(pattern);
          continue;
        }
        const examples = content?.examples
          ? Object.values(content.examples).map(({ value }) => value)
          : [content?.example];
        expect(examples.length, at).toBeGreaterThan(0);
        const own = status === '409' && name === 'put /api/favorites';
        const usual = OLLAMA.test(name) ? ollamaErrorSchema : (RELAYED[name] ?? errorSchema);
        const errors = own ? conflictAnswer.schema : usual;
        const schema = Number(status) < 400 ? SCHEMAS[name] : errors;
        for (const value of examples) {
          expect(v.is(schema ?? v.never(), value), at).toBe(true);
          expect(ajv.validate(content?.schema, value), at).toBe(true);
        }
      }
    }
  });

  it('defines every schema, parameter and shared error as a component', async () => {
    const { document } = await readDocument(makeApp({}));
    const unnamed: string[] = [];
    for (const [path, methods] of Object.entries<any>(document.paths)) {
      for (const [method, { requestBody, responses, parameters = [] }] of Object.entries<any>(
        methods,
      )) {
        const at = `${method} ${path}`;
        const bodies = [requestBody, ...Object.values<any>(responses)].flatMap((body) =>
          Object.values<any>(body?.content ?? {}),
        );
        for (const { schema } of bodies) {
          const isText = schema?.type === 'string';
          if (schema !== undefined && !isText && schema.$ref === undefined) unnamed.push(at);
        }
        for (const [status, answer] of Object.entries<any>(responses)) {
          const isOwn = at === 'put /api/favorites' && status === '409';
          if (!status.startsWith('2') && answer.$ref === undefined && !isOwn)
            unnamed.push(`${at} ${status}`);
        }
        for (const parameter of parameters) if (parameter.$ref === undefined) unnamed.push(at);
      }
    }
    expect(unnamed).toEqual([]);
  });

  it('references every component, and nothing else', async () => {
    const { document } = await readDocument(makeApp({}));
    const refs = new Set(findRefs(document));
    for (const ref of refs) expect(() => follow(document, ref), ref).not.toThrow();
    const { securitySchemes: _, ...components } = document.components;
    const names = Object.entries<any>(components).flatMap(([kind, entries]) =>
      Object.keys(entries).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...refs].toSorted()).toEqual(names.toSorted());
  });

  it('describes the tag of every route', async () => {
    const { document } = await readDocument(makeApp({}));
    const methods = Object.values<any>(document.paths).flatMap((path) => Object.values<any>(path));
    const used = new Set(methods.flatMap(({ tags }) => tags));
    expect(document.tags.map(({ name }: { name: string }) => name).toSorted()).toEqual(
      [...used].toSorted(),
    );
  });

  it('has at most 3,000 bytes for each route', async () => {
    const { document, operations } = await readDocument(makeApp({}));
    expect(JSON.stringify(document).length / operations.length).toBeLessThan(3000);
  });

  it('describes accepted IDs and roles, and optional bodies', async () => {
    const { document, operations } = await readDocument(makeApp({}));
    const isId = ajv.compile(document.components.schemas.ModelId);
    for (const id of ['a/b', 'b', 'a b', 'é', 'a/b:c/d']) expect(isId(id), id).toBe(true);
    for (const id of ['', ' ', 'a\n', '\u0085']) expect(isId(id), id).toBe(false);
    const find = (wanted: string) => operations.find(({ name }) => name === wanted);
    const role = find('get /api/resolve')?.parameters.find(({ name }) => name === 'role');
    expect(role.schema.enum).toEqual(['default', 'task', 'compaction', 'arena']);
    expect(find('post /api/providers/{name}/unload')?.requestBody?.required).toBe(false);
    expect(find('post /api/unload')?.requestBody?.required).toBe(true);
  });

  it('requires a model in inference requests only without a default model', async () => {
    const requires = async (environment: Record<string, string>) => {
      const { operations } = await readDocument(makeApp(environment));
      const chat = operations.find(({ name }) => name === 'post /v1/chat/completions');
      const props = operations.find(({ name }) => name === 'get /props');
      const { schema } = chat?.requestBody?.content['application/json'] ?? { schema: {} };
      const isModel = ajv.compile(schema.properties.model);
      const isInQuery = ajv.compile(props?.parameters[0].schema);
      return {
        required: [schema.required.includes('model'), props?.parameters[0].required],
        empty: [isModel(''), isModel(null), isInQuery('')],
      };
    };
    const PROVIDERS = 'a=llama-swap://127.0.0.1:1';
    expect(await requires({ PROVIDERS })).toEqual({
      required: [true, true],
      empty: [false, false, false],
    });
    expect(await requires({ PROVIDERS, DEFAULT_MODEL: 'a/b' })).toEqual({
      required: [false, false],
      empty: [true, true, true],
    });
  });

  it('describes the headers that Paddock adds', async () => {
    const { operations } = await readDocument(makeApp({}));
    for (const { name, responses } of operations) {
      for (const [status, { headers = {} }] of Object.entries(responses)) {
        const at = `${name} ${status}`;
        expect(Object.keys(headers), at).toContain('x-request-id');
        if (status === '429' || status === '503') expect(headers, at).toHaveProperty('retry-after');
        if (!(name in RELAYED)) continue;
        expect(headers, at).toHaveProperty('x-paddock-provider');
        expect(headers, at).toHaveProperty('x-paddock-model');
      }
    }
  });

  it('answers 304 to a client that has it', async () => {
    const app = makeApp({});
    const etag = (await app.ask('/openapi.json')).headers.get('etag') ?? '';
    const again = await app.ask('/openapi.json', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });
});
