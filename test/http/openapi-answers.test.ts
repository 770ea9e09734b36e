import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import {
  openStage,
  writeFailing,
  writeSuccessful,
  type DocumentedRequest,
} from './documented-requests.ts';
import { readDocument, type Operation } from './openapi-document.ts';

/** Errors that happen before a route is reached, or that a client does not cause. Other tests cover them. */
const COVERED_ELSEWHERE: ReadonlySet<string> = new Set([
  'internal_error',
  'forbidden_host',
  'forbidden_origin',
  'headers_too_large',
  'overloaded',
  'rate_limit_exceeded',
  'request_timeout',
  'shutting_down',
  'upstream_timeout',
  'uri_too_long',
]);

const INFERENCE_OF_OLLAMA = ['chat', 'generate', 'embed', 'embeddings'].map(
  (route) => `post /api/${route}`,
);

/** Outcomes that this test cannot wait for: an unload may take 30 s, and only Workers cannot follow a log. */
const SKIPPED: ReadonlySet<string> = new Set([
  'get /api/providers/{name}/logs unsupported_by_runtime',
  'post /api/providers/{name}/unload provider_timeout',
  'post /api/unload provider_timeout',
  'post /api/models/unload/{id} provider_timeout',
  'post /models/unload provider_timeout',
  ...INFERENCE_OF_OLLAMA.map((name) => `${name} provider_timeout`),
  // Only a provider that is too old to load or unload a model causes it.
  ...INFERENCE_OF_OLLAMA.map((name) => `${name} unsupported_by_provider`),
]);

/** Only a provider that fails after its probe causes them. */
const AFTER_PROBE: ReadonlySet<string> = new Set(
  ['invalid_response', 'provider_unreachable', 'provider_timeout'].map(
    (code) => `post /api/models/unload ${code}`,
  ),
);

/** Pages with their files, and the document itself. */
const PAGES = [
  ...['get /', 'get /picker.js', 'get /console/{file}', 'get /console/*'],
  ...['get /docs', 'get /docs/', 'get /docs/{file}', 'get /docs/*', 'get /openapi.json'],
];

type Responses = Operation['responses'];

const ajv = new Ajv2020({ formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u } });

/** The same schema without additional properties, wherever it lists properties. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, close(value)]),
  );
  const names = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  const isOpen = names.length === 0 || 'additionalProperties' in schema;
  return isOpen ? closed : { ...closed, additionalProperties: false };
}

/** Whether an answer is declared as any JSON or any other type, as upstreams may answer. */
function acceptsAnything(answer: Responses[string] | undefined): boolean {
  const { content = {} } = answer ?? {};
  const schema = content['application/json']?.schema ?? {};
  const some = [null, 1, 'no', { error: 'no' }, { src: 'llama-swap', error: { message: 'no' } }];
  return '*/*' in content && some.every((value) => ajv.compile(schema)(value));
}

function findFaults(schema: object, value: unknown): unknown {
  const validate = ajv.compile(close(schema) as object);
  return validate(value) ? [] : validate.errors;
}

/** The documented outcomes of a route: statuses, or the error codes of a status. */
function toOutcomes(responses: Responses): string[] {
  return Object.entries(responses).flatMap(([status, { codes }]) => {
    // "default" is the upstream's status. test/runtimes/ covers WebSockets.
    if (status === 'default' || status === '101') return [];
    return codes.length === 0 ? [status] : [...codes];
  });
}

/** Checks that an answer has the expected outcome and matches its description. */
async function check(name: string, responses: Responses, request: DocumentedRequest) {
  const answer = await request.app.ask(request.path, request.init);
  const at = `${name}, for ${request.outcome}: ${request.path}`;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const isTranslated = 'application/x-ndjson' in (responses['200']?.content ?? {});
  if (request.outcome === '200' && answer.headers.has('x-paddock-provider') && !isTranslated) {
    await answer.body?.cancel();
    // The upstream's own answer. The simulated model server accepts that path with GET only.
    const status = /^(?!get ).* \/upstream\//u.test(name) ? 404 : 200;
    expect(answer.status, at).toBe(status);
    expect(acceptsAnything(responses[status]), at).toBe(true);
    expect(acceptsAnything(responses['default']), at).toBe(true);
    return;
  }
  const documented = responses[answer.status];
  expect(documented, `${at} was answered ${answer.status}`).toBeDefined();
  if (type === 'text/event-stream' || type === 'text/plain') {
    await answer.body?.cancel();
    expect([String(answer.status), Object.keys(documented?.content ?? {})], at).toEqual([
      request.outcome,
      [type],
    ]);
    return;
  }
  const text = await answer.text();
  const content = documented?.content?.[type];
  if (content === undefined) {
    expect([text, documented?.content, String(answer.status)], at).toEqual([
      '',
      undefined,
      request.outcome,
    ]);
    return;
  }
  const value = JSON.parse(text);
  expect(findFaults(content.schema as object, value), at).toEqual([]);
  if (answer.ok) return expect(String(answer.status), at).toBe(request.outcome);
  expect(documented?.codes, at).toContain(request.outcome);
  // The errors of Anthropic and Ollama have no code.
  if (typeof value.error === 'object' && 'code' in value.error)
    expect(value.error.code, at).toBe(request.outcome);
}

it('every route answers as the OpenAPI document describes, in success and in each error', async () => {
  const stage = await openStage();
  const { operations } = await readDocument(stage.bare);
  const names = operations.map(({ name }) => name);
  expect([...names, ...PAGES].toSorted()).toEqual(stage.bare.routes().toSorted());

  for (const { name, responses } of operations) {
    const tried = new Set<string>();
    for await (const request of writeSuccessful(name, stage)) {
      await check(name, responses, request);
      tried.add(request.outcome);
    }
    const outcomes = toOutcomes(responses).filter(
      (outcome) =>
        !COVERED_ELSEWHERE.has(outcome) &&
        !SKIPPED.has(`${name} ${outcome}`) &&
        !AFTER_PROBE.has(`${name} ${outcome}`),
    );
    for (const code of outcomes) {
      const request = tried.has(code) ? null : writeFailing(name, stage, code);
      if (request === null) continue;
      await check(name, responses, request);
      tried.add(code);
    }
    const untried = outcomes.filter((outcome) => !tried.has(outcome));
    expect([name, untried]).toEqual([name, []]);
  }
}, 60_000);
