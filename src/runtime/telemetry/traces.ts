// The only file that imports OpenTelemetry. It is loaded only if OpenTelemetry's variables ask for traces. The SDK
// reads and interprets these variables itself.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTraceState,
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { Delivery, Exchange, Observer, RequestHeaders } from '../../telemetry/exchange.ts';
import type { Redact } from '../../telemetry/redact.ts';
import { toUpstreamSpan, toServerSpan, type SpanText } from '../../telemetry/spans.ts';
import { readTraceparent, toTraceparent } from '../../telemetry/traceparent.ts';
import type { Log } from '../../telemetry/log.ts';
import { VERSION } from '../../version.ts';

/** Creates traces of exchanges. */
export interface Traces {
  readonly observer: Observer;
  /** Sends the remaining spans. It does not wait long for a collector that is offline. */
  close(): Promise<void>;
}

/** Paths that clients request or keep open all day, and whose traces contain no useful information. */
const UNTRACED: ReadonlySet<string | null> = new Set([
  '/health',
  '/ready',
  '/metrics',
  '/api/events',
]);

/** The name of a span until it ends and more is known. */
const FIRST_NAME = 'HTTP';

/** How long the end of the process may wait for the collector, in milliseconds. */
const LAST_WAIT_MS = 1500;

/** How far the system clock may differ from the epoch before the epoch is reset, in milliseconds. */
const EPOCH_SLACK_MS = 10;

interface Traced {
  /** The epoch of both spans, even if the clock changes between them. */
  readonly epoch: number;
  readonly server: Span;
  readonly context: Context;
  /** Whether the client's headers name a trace. Its context is then passed on if this one is not recorded. */
  readonly isContinued: boolean;
  upstream: Span | null;
}

/** Starts creating traces and sending them to the collector that the environment names. */
export function openTraces(log: Log, redact: Redact): Traces {
  const provider = createProvider(log);
  const tracer = provider.getTracer('paddock', VERSION);
  const running = new WeakMap<Exchange, Traced>();
  // Milliseconds since 1970 at the zero of the monotonic clock. It is kept while it is accurate: the system clock
  // counts whole milliseconds, so with an epoch per exchange, one exchange could appear to begin before the previous
  // one.
  let epoch = Number.NEGATIVE_INFINITY;

  function began(exchange: Exchange, headers: RequestHeaders): void {
    if (UNTRACED.has(exchange.path)) return;
    const parent = readParent(headers, redact);
    const isContinued = parent !== ROOT_CONTEXT;
    const seen = Date.now() - performance.now();
    if (Math.abs(seen - epoch) > EPOCH_SLACK_MS) epoch = seen;
    const startTime = epoch + exchange.beganAt;
    const server = tracer.startSpan(FIRST_NAME, { kind: SpanKind.SERVER, startTime }, parent);
    const context = trace.setSpan(parent, server);
    running.set(exchange, { epoch, server, context, isContinued, upstream: null });
  }

  function sending(exchange: Exchange): void {
    const traced = running.get(exchange);
    if (traced === undefined) return;
    const { server, context, isContinued } = traced;
    // This span is never exported: the client's span stays the parent.
    if (!server.isRecording() && isContinued) return;
    const startTime = traced.epoch + performance.now();
    traced.upstream = tracer.startSpan(FIRST_NAME, { kind: SpanKind.CLIENT, startTime }, context);
    exchange.traceparent = toTraceparent(traced.upstream.spanContext());
    exchange.beginsTrace = !isContinued;
  }

  function ended(exchange: Exchange, delivery: Delivery): void {
    const traced = running.get(exchange);
    if (traced?.server.isRecording() !== true) return;
    const { server, upstream } = traced;
    const at = traced.epoch + delivery.endedAt;
    if (upstream !== null) end(upstream, { text: toUpstreamSpan(exchange, delivery), at });
    end(server, { text: toServerSpan(exchange, delivery), at });
  }

  return {
    observer: { began, sending, ended },
    async close() {
      // Aborted connections report their end in the next turn of the event loop.
      await sleep(1);
      await Promise.race([provider.shutdown().catch(() => {}), sleep(LAST_WAIT_MS)]);
    },
  };
}

function end(span: Span, { text, at }: { text: SpanText; at: number }): void {
  span.updateName(text.name).setAttributes(text.attributes);
  if (text.isError) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(at);
}

function readParent(headers: RequestHeaders, redact: Redact): Context {
  const parent = readTraceparent(headers('traceparent'));
  if (parent === null) return ROOT_CONTEXT;
  const given = headers('tracestate') ?? '';
  // Pass on the vendors' trace state unless it contains a key.
  const traceState = createTraceState(redact(given) === given ? given : '');
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceState, isRemote: true });
}

function createProvider(log: Log): BasicTracerProvider {
  const warn = (message: string) => log.warn(`OpenTelemetry: ${message}`);
  // The SDK reports variables that it cannot read, and later each batch that fails. `reportOnce` reports failed batches
  // only once.
  const none = () => {};
  diag.setLogger(
    { error: warn, warn, info: none, debug: none, verbose: none },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = reportOnce(new OTLPTraceExporter(), log);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'paddock', 'service.version': VERSION }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  diag.disable();
  return provider;
}

/** Logs once that a collector is unreachable, and once that it is back. */
function reportOnce(exporter: SpanExporter, log: Log): SpanExporter {
  let isUnreachable = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result;
        if (error !== undefined && !isUnreachable) {
          log.warn('The trace collector is not reachable: traces are dropped', toCause(error));
        }
        if (error === undefined && isUnreachable)
          log.info('The trace collector is reachable again');
        isUnreachable = error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

/** If a name has several addresses, the connection error has only a code and no message. */
function toCause(error: Error): Error {
  return error.message === '' && 'code' in error ? new Error(String(error.code)) : error;
}
