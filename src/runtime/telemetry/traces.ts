// The one place that knows OpenTelemetry: loaded where its variables ask for traces, and else not at all. What they
// mean is for its SDK to say, which reads them from the process by itself.

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
import { toHostSpan, toServerSpan, type SpanText } from '../../telemetry/spans.ts';
import { readTraceparent, toTraceparent } from '../../telemetry/traceparent.ts';
import type { Log } from '../../telemetry/log.ts';
import { VERSION } from '../../version.ts';

/** What makes traces of exchanges. */
export interface Traces {
  readonly observer: Observer;
  /** Sends what has not been sent; a collector that is away is not waited for. */
  close(): Promise<void>;
}

/** What is asked for all day, or stays open all day, and tells nothing of a request's way. */
const UNTRACED: ReadonlySet<string | null> = new Set([
  '/health',
  '/ready',
  '/metrics',
  '/api/events',
]);

/** What a span is called until it ends, when more is known. */
const FIRST_NAME = 'HTTP';

/** How long the end of the process may wait for the collector, in milliseconds. */
const LAST_WAIT_MS = 1500;

/** How far the system's clock may be from what its epoch says before that is set anew, in milliseconds. */
const EPOCH_SLACK_MS = 10;

/** The spans of one exchange. */
interface Traced {
  /** The epoch of both spans, whatever becomes of the clock between them. */
  readonly epoch: number;
  readonly server: Span;
  readonly context: Context;
  /** Whether the client's headers name a trace, and so stand where this one is not recorded. */
  readonly isContinued: boolean;
  host: Span | null;
}

/** Begins to make traces, and to send them to where the environment says. */
export function openTraces(log: Log, redact: Redact): Traces {
  const provider = createProvider(log);
  const tracer = provider.getTracer('paddock', VERSION);
  const running = new WeakMap<Exchange, Traced>();
  // Milliseconds since 1970 at the monotonic clock's zero. It is kept while it holds: the system's clock counts whole
  // milliseconds, and with an epoch of its own each exchange could seem to begin before the one that came before it.
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
    running.set(exchange, { epoch, server, context, isContinued, host: null });
  }

  function sending(exchange: Exchange): void {
    const traced = running.get(exchange);
    if (traced === undefined) return;
    const { server, context, isContinued } = traced;
    // Nobody will ever see this span: whoever asked stays the parent.
    if (!server.isRecording() && isContinued) return;
    const startTime = traced.epoch + performance.now();
    traced.host = tracer.startSpan(FIRST_NAME, { kind: SpanKind.CLIENT, startTime }, context);
    exchange.traceparent = toTraceparent(traced.host.spanContext());
    exchange.beginsTrace = !isContinued;
  }

  function ended(exchange: Exchange, delivery: Delivery): void {
    const traced = running.get(exchange);
    if (traced?.server.isRecording() !== true) return;
    const { server, host } = traced;
    const at = traced.epoch + delivery.endedAt;
    if (host !== null) end(host, { text: toHostSpan(exchange, delivery), at });
    end(server, { text: toServerSpan(exchange, delivery), at });
  }

  return {
    observer: { began, sending, ended },
    async close() {
      // Connections that were just cut off tell so in the next turn.
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
  // What vendors say of the trace is theirs, unless it holds a key.
  const traceState = createTraceState(redact(given) === given ? given : '');
  return trace.setSpanContext(ROOT_CONTEXT, { ...parent, traceState, isRemote: true });
}

function createProvider(log: Log): BasicTracerProvider {
  const warn = (message: string) => log.warn(`OpenTelemetry: ${message}`);
  // It tells of variables that it cannot read, and later of each batch that fails, which is said once here.
  const none = () => {};
  diag.setLogger(
    { error: warn, warn, info: none, debug: none, verbose: none },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const exporter = tellOnce(new OTLPTraceExporter(), log);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'paddock', 'service.version': VERSION }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  diag.disable();
  return provider;
}

/** Has the log say once that a collector is away, and once that it is back. */
function tellOnce(exporter: SpanExporter, log: Log): SpanExporter {
  let isAway = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result;
        if (error !== undefined && !isAway) {
          log.warn('Traces do not reach their collector, and are dropped', toCause(error));
        }
        if (error === undefined && isAway) log.info('Traces reach their collector again');
        isAway = error !== undefined;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

/** Where a name has several addresses, what befell them has a code alone. */
function toCause(error: Error): Error {
  return error.message === '' && 'code' in error ? new Error(String(error.code)) : error;
}
