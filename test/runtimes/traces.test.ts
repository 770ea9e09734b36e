import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { call, open } from '../call.ts';
import { findDeadPort, whileTesting } from '../hosts.ts';
import { makeFolder } from '../make-app.ts';
import { startRecorder, type Recorder } from '../recorder.ts';
import { BUN, NODE, startForTest, startServer } from './runtimes.ts';

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

/** The spans that a collector has been sent as OTLP in JSON. */
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

describe.each([
  ['Node', NODE],
  ['Bun', BUN],
])('traces of a process on %s', (_name, server) => {
  async function start(settings: Record<string, string> = {}) {
    const host = await whileTesting(startRecorder());
    const collector = await whileTesting(startRecorder());
    const endpoint = `http://127.0.0.1:${collector.port}`;
    const paddock = await startForTest(
      startServer(server, {
        cwd: makeFolder(),
        settings: {
          PROVIDERS: `a=openai://h0st-key@127.0.0.1:${host.port} dead=openai://127.0.0.1:${await findDeadPort()}`,
          API_KEYS: 'laptop:cl1ent-key',
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_BSP_SCHEDULE_DELAY: '20',
          ...settings,
        },
      }),
    );
    const ask = (path = CHAT, headers: Record<string, string> = {}, body: string = BODY) =>
      call(paddock.url + path, {
        body,
        headers: { authorization: 'Bearer cl1ent-key', ...headers },
      });
    /** Waits until so many spans have come, and sees that no more do. */
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
    return { host, collector, paddock, ask, collect };
  }

  const only = (spans: readonly Span[], kind: Span['kind']) => {
    const [span, more] = spans.filter((each) => each.kind === kind);
    if (span === undefined || more !== undefined) throw new Error(`Not one ${kind}`);
    return span;
  };

  it('join the client’s trace, and are the parent of the host’s', async () => {
    const { host, collector, ask, collect } = await start({
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=lab',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=t1',
    });
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
    const [outer, inner] = [only(spans, 'server'), only(spans, 'client')];
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
    // An end is the end of what the server sent, of which it hears later than the client.
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
    ['none', undefined],
    ['a malformed one', `00-${TRACE}-${PARENT}`],
    ['one of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ])('begin where the client’s headers name %s', async (_kind, traceparent) => {
    const { host, ask, collect } = await start({ OTEL_SERVICE_NAME: 'gate' });
    await ask(CHAT, {
      tracestate: 'of=another',
      ...(traceparent !== undefined && { traceparent }),
    });
    const spans = await collect(2);
    const [outer, inner] = [only(spans, 'server'), only(spans, 'client')];
    expect(outer.parentSpanId ?? '').toBe('');
    expect(outer.traceId).not.toBe(TRACE);
    expect(outer.resource['service.name']).toBe('gate');
    expect(host.received[0]?.headers.traceparent).toBe(`00-${outer.traceId}-${inner.spanId}-01`);
    expect(host.received[0]?.headers).not.toHaveProperty('tracestate');
  });

  it('begin in the order in which requests came, however close they follow each other', async () => {
    const { ask, collect } = await start();
    const paths = Array.from({ length: 100 }, (_, index) => `/v1/n0where/${index}`);
    for (const path of paths) await ask(path, { authorization: 'no' });
    const spans = await collect(paths.length);
    const inOrder = spans.toSorted((a, b) => a.beganAt - b.beganAt);
    expect(inOrder.map(({ attributes }) => attributes['url.path'])).toEqual(paths);
  });

  it('say why there is an error, and where', async () => {
    const { host, ask, collect } = await start();
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

  it('hold no key, wherever a client writes one', async () => {
    const { ask, collect } = await start();
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

  it('are not made of what is unsampled, polled or open all day', async () => {
    const { host, paddock, ask, collect } = await start();
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

  it('are made of as many as the sampler says, and hosts are told', async () => {
    const { host, ask, collect } = await start({
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await ask();
    expect(host.received[0]?.headers.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    await ask(CHAT, SAMPLED);
    expect(only(await collect(2), 'server').traceId).toBe(TRACE);
  });

  it.each([
    ['no collector is named', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 0],
    ['the SDK is disabled', { OTEL_SDK_DISABLED: 'true' }, 0],
    ['none are to be exported', { OTEL_TRACES_EXPORTER: 'none' }, 0],
    ['the collector’s address is none', { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 1],
  ])('are not made where %s, and headers pass', async (_why, settings, warnings) => {
    const { host, paddock, ask, collect } = await start(settings);
    const sent = { traceparent: '00-any  thing', tracestate: 'a=b,,  c' };
    await ask(CHAT, sent);
    expect(host.received[0]?.headers).toMatchObject(sent);
    await collect(0);
    expect(paddock.output().match(/OTEL_/g) ?? []).toHaveLength(warnings);
  });

  it('are sent as JSON, whatever else is asked for', async () => {
    const { paddock, ask, collect } = await start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    await ask();
    await collect(2);
    expect(paddock.output()).toContain('Traces are sent as http/json');
  });

  it('harm nobody where the collector is away, which is said once', async () => {
    const { paddock, ask } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await findDeadPort()}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      OTEL_BSP_MAX_QUEUE_SIZE: '4',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    });
    for (let i = 0; i < 30; i += 1) expect((await ask()).status).toBe(200);
    await vi.waitFor(() => expect(paddock.output()).toContain('Traces do not reach'), 5000);
    for (let i = 0; i < 30; i += 1) expect((await ask()).status).toBe(200);
    await sleep(500);
    expect(paddock.output().match(/Traces|OpenTelemetry|ECONNREFUSED/g)).toHaveLength(2);
    const signalled = performance.now();
    await paddock.stop();
    expect(performance.now() - signalled).toBeLessThan(2500);
  });

  it('come back with the collector, which is said too', async () => {
    const { collector, paddock, ask } = await start({ OTEL_TRACES_SAMPLER: 'n0ne' });
    expect(paddock.output()).toMatch(/"OpenTelemetry: OTEL_TRACES_SAMPLER .*invalid/);
    collector.reply((response) => response.writeHead(401).end('s3cret'));
    await ask();
    await vi.waitFor(
      () => expect(paddock.output()).toMatch(/"Unauthorized","msg":"Traces do not/),
      5000,
    );
    collector.reply((response) => response.writeHead(200).end('{}'));
    await ask();
    await vi.waitFor(() => expect(paddock.output()).toContain('reach their collector again'), 5000);
    expect(paddock.output()).not.toContain('s3cret');
  });

  it('are sent to the last one before the process ends, cut off or not', async () => {
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

  it('do not keep the process from its end where the collector never answers', async () => {
    const { collector, paddock, ask } = await start({ OTEL_BSP_SCHEDULE_DELAY: '60000' });
    collector.reply(() => {});
    await ask();
    const signalled = performance.now();
    await paddock.stop();
    expect(performance.now() - signalled).toBeLessThan(2500);
    expect(collector.received).toHaveLength(1);
  });
});

it('cost nothing where they are not asked for: what makes them is not loaded', async () => {
  // prom-client loads the bare API, which does nothing by itself.
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
