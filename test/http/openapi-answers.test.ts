import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import {
  openStage,
  writeFailing,
  writeSound,
  type DocumentedRequest,
} from './documented-requests.ts';
import { readDocument, type Operation } from './openapi-document.ts';

/** What can be wrong with any request before it comes to a route, or by no doing of its client's: tried elsewhere. */
const ELSEWHERE: ReadonlySet<string> = new Set([
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

/** A host is given half a minute to unload a model. */
const TOO_LONG: ReadonlySet<string> = new Set([
  'post /api/providers/{name}/unload provider_timeout',
  'post /api/unload provider_timeout',
]);

/** Pages and what they are made of; and the document itself. */
const PAGES = [
  ...['get /', 'get /picker.js', 'get /console/{file}', 'get /console/*'],
  ...['get /docs', 'get /docs/', 'get /docs/{file}', 'get /docs/*', 'get /openapi.json'],
];

type Responses = Operation['responses'];

const ajv = new Ajv2020({ formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u } });

/** The same schema, but that no object may have a field which it does not name, where it names any. */
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

/** Whether an answer is declared as what a provider may answer: any JSON, and any other type too. */
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

/** What a route can come to, by its description: a status, or the codes of that status. */
function toOutcomes(responses: Responses): string[] {
  return Object.entries(responses).flatMap(([status, { codes }]) => {
    // Any other status is the provider's own doing, and WebSockets need a socket: test/runtimes/ has them.
    if (status === 'default' || status === '101') return [];
    return codes.length === 0 ? [status] : [...codes];
  });
}

/** Checks that an answer is the one that was wanted, and is as its description says. */
async function check(name: string, responses: Responses, wanted: DocumentedRequest) {
  const answer = await wanted.app.ask(wanted.path, wanted.init);
  const at = `${name}, for ${wanted.outcome}: ${wanted.path}`;
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  if (wanted.outcome === '200' && answer.headers.has('x-paddock-provider')) {
    await answer.body?.cancel();
    // What a host answers is its own, and so is its status: a model's server takes that path by GET alone.
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
      wanted.outcome,
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
      wanted.outcome,
    ]);
    return;
  }
  const value = JSON.parse(text);
  expect(findFaults(content.schema as object, value), at).toEqual([]);
  if (answer.ok) return expect(String(answer.status), at).toBe(wanted.outcome);
  expect(documented?.codes, at).toContain(wanted.outcome);
  // Anthropic's errors have no code.
  if ('code' in value.error) expect(value.error.code, at).toBe(wanted.outcome);
}

it('The OpenAPI document says of every route what it answers, in success and in each error, and of no other route', async () => {
  const stage = await openStage();
  const { operations } = await readDocument(stage.bare);
  const names = operations.map(({ name }) => name);
  expect([...names, ...PAGES].toSorted()).toEqual(stage.bare.routes().toSorted());

  for (const { name, responses } of operations) {
    const tried = new Set<string>();
    for await (const wanted of writeSound(name, stage)) {
      await check(name, responses, wanted);
      tried.add(wanted.outcome);
    }
    const outcomes = toOutcomes(responses).filter(
      (outcome) => !ELSEWHERE.has(outcome) && !TOO_LONG.has(`${name} ${outcome}`),
    );
    for (const code of outcomes) {
      const wanted = tried.has(code) ? null : writeFailing(name, stage, code);
      if (wanted === null) continue;
      await check(name, responses, wanted);
      tried.add(code);
    }
    const untried = outcomes.filter((outcome) => !tried.has(outcome));
    expect([name, untried]).toEqual([name, []]);
  }
}, 60_000);
