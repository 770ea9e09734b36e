import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { call, open } from '../call.ts';
import { findDeadPort, whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { answerName, startRecorder, type Recorder } from '../recorder.ts';
import { makeRuntime, NODE, SERVERS, startForTest, startServer } from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const BODY = '{"model":"a/m","messages":[{"role":"user","content":"pr0mpt"}]}';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const SAMPLED = { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=a,  other=b' };

/** A span as it arrived. Times are in milliseconds since 1970. */
interface Span {
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string | undefined;
  readonly beganAt: number;
  readonly endedAt: number;
  readonly isError: boolean;
  readonly attributes: Record<string, unknown>;
  readonly resource: Record<string, unknown>;
}

const KINDS: Record<number, Span['kind']> = { 2: 'server', 3: 'client' };

/** The spans that a collector has received as OTLP JSON. */
function readSpans(collector: Recorder): Span[] {
  const toRecord = (attributes: { key: string; value: object }[]) =>
    Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
  const toMs = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1000n) / 1000;
  return collector.received
    .flatMap(({ body }) => JSON.parse(String(body)).resourceSpans as any[])
    .flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }: any) =>
        spans.map((span: any) => ({
          ...span,
          kind: KINDS[span.kind],
          beganAt: toMs(span.startTimeUnixNano),
          endedAt: toMs(span.endTimeUnixNano),
          isError: span.status.code === 2,
          attributes: toRecord(span.attributes),
          resource: toRecord(resource.attributes),
        })),
      ),
    );
}

describe.each(SERVERS)('traces of a process on %s', (_name, server) => {
  async function launch(settings: Record<string, string>) {
    const [host, collector] = [await startRecorder(), await startRecorder()];
    const runtime = makeRuntime(server);
    const paddock = await runtime.start({
      PROVIDERS: `a=openai://h0st-key@127.0.0.1:${host.port} dead=openai://127.0.0.1:${await findDeadPort()}`,
      API_KEYS: 'laptop:cl1ent-key',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      ...settings,
    });
    const ask = (path = CHAT, headers: Record<string, string> = {}, body: string = BODY) =>
      call(paddock.url + path, {
        body,
        headers: { authorization: 'Bearer cl1ent-key', ...headers },
      });
    /** Waits until `count` spans have arrived, and checks that no more do. */
    const collect = async (count: number) => {
      await vi.waitFor(
        () => expect(readSpans(collector).length).toBeGreaterThanOrEqual(count),
        5000,
      );
      await sleep(100);
      const spans = readSpans(collector);
      expect(spans).toHaveLength(count);
      return spans;
    };
    const close = async () => {
      await paddock.kill();
      await Promise.all([runtime.close(), host.close(), collector.close()]);
    };
    return { host, collector, paddock, ask, collect, close };
  }

  const start = (settings: Record<string, string>) => whileTesting(launch(settings));

  let shared: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    shared = await launch({
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=t1',
    });
  });
  afterAll(() => shared?.close());
  beforeEach(() => {
    const { host, collector } = shared;
    host.received.length = 0;
    host.reply(answerName('ok'));
    collector.received.length = 0;
  });
  const pick = (spans: readonly Span[], kind: Span['kind']) => {
    const [span, more] = spans.filter((each) => each.kind === kind);
    if (span === undefined || more !== undefined) throw new Error(`Not one ${kind}`);
    return span;
  };

  it('continue the client’s trace and are the parent of the upstream’s', async () => {
    const { host, collector, ask, collect } = shared;
    host.reply(async (response) => {
      await sleep(300);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"content":"answ3r"}');
    });
    const from = Date.now();
    const { headers } = await ask(`${CHAT}?secret=qu3ry`, SAMPLED);
    const until = Date.now();
    const spans = await collect(2);

    expect(collector.received[0]?.url).toBe('/v1/traces');
    expect(collector.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-tenant': 't1',
    });
    const [outer, inner] = [pick(spans, 'server'), pick(spans, 'client')];
    expect(outer).toMatchObject({
      name: `POST ${CHAT}`,
      traceId: TRACE,
      parentSpanId: PARENT,
      traceState: 'vendor=a,other=b',
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'url.scheme': 'http',
        'url.path': CHAT,
        'http.route': CHAT,
        'http.response.status_code': 200,
        'paddock.client': 'laptop',
        'paddock.request_id': headers['x-request-id'],
        'paddock.end': 'complete',
        'paddock.bytes_in': expect.any(Number),
        'paddock.bytes_out': expect.any(Number),
      },
      resource: {
        'service.name': 'paddock',
        'service.version': expect.any(String),
        'deployment.environment.name': 'lab',
      },
    });
    expect(inner).toMatchObject({
      name: 'POST a',
      traceId: TRACE,
      parentSpanId: outer.spanId,
      isError: false,
      attributes: {
        'http.response.status_code': 200,
        'service.peer.name': 'a',
        'gen_ai.provider.name': 'a',
        'gen_ai.request.model': 'm',
      },
    });
    // The client may see the end before the server does.
    const times = [
      from - 1,
      outer.beganAt,
      inner.beganAt,
      inner.endedAt,
      outer.endedAt,
      until + 500,
    ];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(inner.endedAt - inner.beganAt).toBeGreaterThan(290);

    expect(host.received[0]?.headers).toMatchObject({
      traceparent: `00-${TRACE}-${inner.spanId}-01`,
      tracestate: SAMPLED.tracestate,
    });
    const told = String(collector.received.map(({ body }) => body));
    expect(told).not.toMatch(/pr0mpt|answ3r|h0st-key|cl1ent-key|qu3ry|127\.0\.0\.1/);
  });

  it.each([
    ['no trace header', undefined],
    ['a malformed trace header', `00-${TRACE}-${PARENT}`],
    ['a trace ID of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ])('start with a new ID for %s', async (_kind, traceparent) => {
    const { host, ask, collect } = shared;
    await ask(CHAT, {
      tracestate: 'of=another',
      ...(traceparent !== undefined && { traceparent }),
    });
    const spans = await collect(2);
    const [outer, inner] = [pick(spans, 'server'), pick(spans, 'client')];
    expect(outer.parentSpanId ?? '').toBe('');
    expect(outer.traceId).not.toBe(TRACE);
    expect(host.received[0]?.headers.traceparent).toBe(`00-${outer.traceId}-${inner.spanId}-01`);
    expect(host.received[0]?.headers).not.toHaveProperty('tracestate');
  });

  it('start in the order of the requests', async () => {
    const { ask, collect } = shared;
    const paths = Array.from({ length: 100 }, (_, index) => `/v1/n0where/${index}`);
    for (const path of paths) await ask(path, { authorization: 'no' });
    const spans = await collect(paths.length);
    const inOrder = spans.toSorted((a, b) => a.beganAt - b.beganAt);
    expect(inOrder.map(({ attributes }) => attributes['url.path'])).toEqual(paths);
  });

  it('name the error and the provider', async () => {
    const { host, ask, collect } = shared;
    await ask(CHAT, {}, '{"model":"dead/m"}');
    await ask(CHAT, {}, '{}');
    await ask('/v1/n0where', { authorization: 'no' });
    host.reply((response) => response.writeHead(503).end());
    await ask();
    host.reply((response) => {
      response.writeHead(200).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    await ask().catch(() => {});
    const spans = await collect(8);
    const told = spans
      .toSorted((a, b) => a.beganAt - b.beganAt)
      .map(({ name, isError, attributes }) => [
        name,
        isError,
        attributes['http.response.status_code'],
        attributes['error.type'],
      ]);
    expect(told).toEqual([
      [`POST ${CHAT}`, true, 502, 'provider_unreachable'],
      ['POST dead', true, undefined, 'provider_unreachable'],
      [`POST ${CHAT}`, false, 400, 'model_required'],
      ['POST', false, 401, 'unauthorized'],
      [`POST ${CHAT}`, true, 503, '503'],
      ['POST a', true, 503, '503'],
      [`POST ${CHAT}`, true, 200, 'upstream_gone'],
      ['POST a', true, 200, 'upstream_gone'],
    ]);
  });

  it('contain no key from paths, IDs, trace state and models', async () => {
    const { ask, collect } = shared;
    for (const key of ['cl1ent-key', 'h0st-key', '%63l1ent-ke%79']) {
      const decoded = decodeURIComponent(key);
      await ask(`/upstream/a/${key}/x`, { 'x-request-id': decoded });
      await ask(`/${'x'.repeat(507)}${key}`);
      await ask(CHAT, { ...SAMPLED, tracestate: `vendor=${decoded}` }, `{"model":"a/${decoded}"}`);
    }
    const spans = await collect(12);
    expect(JSON.stringify(spans)).not.toMatch(/cl1en|h0st-|%63/u);
    expect(JSON.stringify(spans)).toContain('[redacted]');
  });

  it('are not created for unsampled requests, health checks and event streams', async () => {
    const { host, paddock, ask, collect } = shared;
    const unsampled = { ...SAMPLED, traceparent: `00-${TRACE}-${PARENT}-00` };
    await ask(CHAT, unsampled);
    expect(host.received[0]?.headers).toMatchObject(unsampled);
    const headers = { authorization: 'Bearer cl1ent-key' };
    for (const path of ['/health', '/ready']) await call(paddock.url + path, { method: 'GET' });
    const events = await open(`${paddock.url}/api/events`, { method: 'GET', headers }).opened;
    events.leave();
    await ask();
    await collect(2);
  });

  it('follow the sampler and pass its decision on', async () => {
    const { host, ask, collect } = await start({
      OTEL_SERVICE_NAME: 'gate',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await ask();
    expect(host.received[0]?.headers.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    await ask(CHAT, SAMPLED);
    const { traceId, resource } = pick(await collect(2), 'server');
    expect([traceId, resource['service.name']]).toEqual([TRACE, 'gate']);
  });

  it.each([
    ['no collector is named', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 0],
    ['the SDK is disabled', { OTEL_SDK_DISABLED: 'true' }, 0],
    ['the exporter is none', { OTEL_TRACES_EXPORTER: 'none' }, 0],
    ['the collector’s address is invalid', { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 1],
  ])('are not created if %s, and trace headers pass', async (_why, settings, warnings) => {
    const { host, paddock, ask, collect } = await start(settings);
    const sent = { traceparent: '00-any  thing', tracestate: 'a=b,,  c' };
    await ask(CHAT, sent);
    expect(host.received[0]?.headers).toMatchObject(sent);
    await collect(0);
    expect(paddock.output().match(/OTEL_/g) ?? []).toHaveLength(warnings);
  });

  it('are sent as JSON if another protocol is set', async () => {
    const { paddock, ask, collect } = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    await ask();
    await collect(2);
    expect(paddock.output()).toContain('Traces are sent as http/json');
  });

  it('do not affect requests if the collector is unreachable, which is logged once', async () => {
    const { paddock, ask } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findDeadPort()}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      OTEL_BSP_MAX_QUEUE_SIZE: '4',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    });
    for (let i = 0; i < 30; i += 1) expect((await ask()).status).toBe(200);
    await vi.waitFor(() => expect(paddock.output()).toContain('The trace collector is not'), 5000);
    for (let i = 0; i < 30; i += 1) expect((await ask()).status).toBe(200);
    await sleep(500);
    expect(paddock.output().match(/traces are dropped|OpenTelemetry|ECONNREFUSED/g)).toHaveLength(
      2,
    );
    const signalled = performance.now();
    await paddock.stop();
    expect(performance.now() - signalled).toBeLessThan(5000);
  });

  it('are sent again when the collector returns, which is logged', async () => {
    const { collector, paddock, ask } = await start({ OTEL_TRACES_SAMPLER: 'n0ne' });
    expect(paddock.output()).toMatch(/"OpenTelemetry: OTEL_TRACES_SAMPLER .*invalid/);
    collector.reply((response) => response.writeHead(401).end('s3cret'));
    await ask();
    await vi.waitFor(
      () => expect(paddock.output()).toMatch(/"Unauthorized","msg":"The trace collector is not/),
      5000,
    );
    collector.reply((response) => response.writeHead(200).end('{}'));
    await ask();
    await vi.waitFor(
      () => expect(paddock.output()).toContain('collector is reachable again'),
      5000,
    );
    expect(paddock.output()).not.toContain('s3cret');
  });

  it('are all sent before the process ends', async () => {
    const { host, paddock, ask, collect } = await start({
      OTEL_BSP_SCHEDULE_DELAY: '60000',
      SHUTDOWN_GRACE_MS: '100',
    });
    await ask();
    host.reply((response) => response.writeHead(200).write('half'));
    const headers = { authorization: 'Bearer cl1ent-key' };
    const { answer } = await open(paddock.url + CHAT, { body: BODY, headers }).opened;
    answer.once('error', () => {});
    await paddock.stop();
    const ends = (await collect(4)).map(({ attributes }) => attributes['paddock.end']);
    expect(ends.filter((end) => end !== undefined)).toEqual(['complete', 'cut_off']);
  });

  it('do not delay the end of the process if the collector never answers', async () => {
    const { collector, paddock, ask } = await start({ OTEL_BSP_SCHEDULE_DELAY: '60000' });
    collector.reply(() => {});
    await ask();
    const signalled = performance.now();
    await paddock.stop();
    expect(performance.now() - signalled).toBeLessThan(5000);
    expect(collector.received).toHaveLength(1);
  });
});

it('load no OpenTelemetry SDK if they are not enabled', async () => {
  // prom-client loads the API package, which does nothing without an SDK.
  const show = `import { createRequire } from 'node:module';
    const { cache } = createRequire('/');
    const find = () => Object.keys(cache).filter((path) => path.includes('@opentelemetry/sdk'));
    process.on('exit', () => console.log('loaded:', find().length > 0))`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(show)}`;
  for (const [OTEL_EXPORTER_OTLP_ENDPOINT, isLoaded] of [
    ['', false],
    ['http://127.0.0.1:9', true],
  ] as const) {
    const settings = { NODE_OPTIONS, OTEL_EXPORTER_OTLP_ENDPOINT };
    const paddock = await startForTest(startServer(NODE, { cwd: makeFolder(), settings }));
    await call(`${paddock.url}/health`, { method: 'GET' });
    await paddock.stop();
    expect(paddock.output()).toContain(`loaded: ${isLoaded}`);
  }
});
