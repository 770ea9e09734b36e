import { Hono } from 'hono';
import type { Exchange, Observer } from './telemetry/exchange.ts';
import { createBodyMemory } from './gateway/body-memory.ts';
import { BODY_MS } from './gateway/read-bytes.ts';
import { createGateway } from './gateway/gateway.ts';
import { SANDBOXED, UNFRAMED } from './gateway/page-guards.ts';
import { webInbound, type Inbound } from './gateway/inbound.ts';
import type { Transport } from './gateway/transport.ts';
import {
  limitUrl,
  refuseWebSockets,
  refuseWhenStopping,
  runChecks,
} from './http/middleware/checks.ts';
import { allowOrigins } from './http/middleware/allow-origins.ts';
import { countBody } from './http/middleware/count-body.ts';
import { createServices, type ServiceDependencies } from './services.ts';
import { limitConcurrency } from './http/middleware/limit-concurrency.ts';
import { limitRate } from './http/middleware/limit-rate.ts';
import { createCorrectPath, toRoutePath } from './http/correct-path.ts';
import { isServed, toUnrouted } from './http/not-found.ts';
import { observe, type Deliver } from './http/middleware/observe.ts';
import { sendOpenApi } from './http/openapi/document.ts';
import { createRenderError } from './http/render-error.ts';
import { refuseUntrusted } from './http/middleware/refuse-untrusted.ts';
import { createAccess, type ReadAddress } from './http/middleware/require-key.ts';
import { catalogRoutes } from './http/routes/catalog.ts';
import { doctorRoutes } from './http/routes/doctor.ts';
import { eventsRoutes } from './http/routes/events.ts';
import { favoritesRoutes } from './http/routes/favorites.ts';
import { gatewayRoutes } from './http/routes/gateway.ts';
import { healthRoutes, readyRoutes } from './http/routes/health.ts';
import { loadRoutes } from './http/routes/load.ts';
import { logsRoutes } from './http/routes/logs.ts';
import { managementRoutes } from './http/routes/management.ts';
import { metricsRoutes } from './http/routes/metrics.ts';
import { ollamaRoutes } from './http/routes/ollama.ts';
import { opencodeRoutes } from './http/routes/opencode.ts';
import { pagesRoutes } from './http/routes/pages.ts';
import { resolveRoutes } from './http/routes/resolve.ts';
import { swapRoutes } from './http/routes/swap.ts';
import type { ReadAsset } from './http/routes/send-asset.ts';
import { createUpstreamApp } from './http/upstream-app.ts';

/** The dependencies of the app: settings, the runtime's functions and limits. */
export interface AppDependencies extends ServiceDependencies {
  /** How Paddock reads clients' requests, if the runtime has a faster way than the web standard. */
  readonly inbound?: Inbound | undefined;
  readonly transport: Transport;
  readonly readAsset: ReadAsset;
  /** The observers of requests, in addition to the log. */
  readonly observers?: readonly Observer[];
  /** Reads the client's address of a request, if the runtime reports it. */
  readonly readAddress?: ReadAddress | undefined;
  /** How Paddock detects the end of an answer, if the runtime has a better way than watching the body. */
  readonly deliver?: Deliver | undefined;
  /** Aborted when Paddock accepts no new requests. Endless answers then end. */
  readonly stopping?: AbortSignal | undefined;
  /** Aborted when Paddock cuts off the requests that still run. */
  readonly aborting?: AbortSignal | undefined;
  /** How long a client may take to send a body, in milliseconds. */
  readonly bodyMs?: number | undefined;
  /** The longest duration of an event stream, in milliseconds, if the platform limits what one request may do. */
  readonly eventStreamMs?: number;
}

/** The app, with the types of all its routes. */
export type App = ReturnType<typeof createApp>;

/** Creates the app. It reads no environment, keeps no globals, and depends only on web standards. */
export function createApp(dependencies: AppDependencies) {
  return createApps(dependencies).app;
}

/** Creates the app and, if `UPSTREAM_PORT` is set, the app for that port. They share limits, logs and metrics. */
export function createApps(dependencies: AppDependencies) {
  const { settings, inbound = webInbound, transport, clock, readAsset } = dependencies;
  const services = createServices(dependencies);
  const { deliver = countBody, stopping, aborting, metrics, bodyMs = BODY_MS } = dependencies;
  const { eventStreamMs: lifetimeMs = Infinity } = dependencies;
  const memory = createBodyMemory(settings.bodyMemoryBytes);
  const bodyLimits = { maxBytes: settings.maxBodyBytes, withinMs: bodyMs, memory, clock };
  const limiter = limitConcurrency(settings.concurrencyLimit);
  const observers = toObservers(dependencies, [memory, services.watch, services.inflight, limiter]);
  const onSending = (exchange: Exchange) => {
    for (const observer of observers) observer.sending?.(exchange);
  };
  const checks = [refuseWhenStopping(stopping), limitUrl, refuseWebSockets];
  const { redact, noteBareId, watch } = services;
  const renderError = createRenderError(redact);
  const relaying = { settings, inbound, transport, bodyLimits, onSending, noteBareId, redact };
  const gateway = createGateway({ ...relaying, guards: SANDBOXED });
  const correctPath = createCorrectPath((path) => isServed(app, path));
  const observing = observe({ ...watch, observers, clock, deliver, aborting, redact, correctPath });
  const limits = limitRate({ settings, clock });
  const access = createAccess(dependencies);

  const app = new Hono({ getPath: (request) => toRoutePath(request, correctPath) })
    .use('*', observing)
    .use('*', ...allowOrigins(settings.corsOrigins))
    .route('/', healthRoutes())
    .use('*', runChecks([...checks, refuseUntrusted(settings)]))
    .route('/', pagesRoutes({ readAsset }))
    // The routes above need no key.
    .use('*', ...access.requireKey())
    .route('/', readyRoutes(services))
    .route('/', metricsRoutes({ ...services, metrics }))
    // `/ready` and `/metrics` are exempt from rate limits.
    .use('*', ...limits)
    .route('/', catalogRoutes(services))
    .route('/', resolveRoutes({ ...services, access }))
    .route('/', opencodeRoutes(services))
    .route('/', favoritesRoutes({ ...services, bodyLimits }))
    .route('/', eventsRoutes({ ...services, access, clock, lifetimeMs, stopping }))
    .route('/', loadRoutes({ ...services, bodyLimits }))
    .route('/', managementRoutes({ ...services, bodyLimits }))
    .route('/', swapRoutes({ ...services, bodyLimits }))
    .route('/', logsRoutes({ ...services, access, canFollow: lifetimeMs === Infinity, stopping }))
    .route('/', doctorRoutes({ ...services, clock }))
    .route('/', ollamaRoutes({ ...services, clock, limiter, gateway }))
    .route('/', gatewayRoutes({ settings, limiter, gateway }));
  app.get('/openapi.json', sendOpenApi(app, { needsKey: settings.apiKeys.length > 0 }));
  // Return instead of throwing: nothing between here and `observe` would catch it.
  app.notFound((c) => renderError(toUnrouted(app, c), c));
  app.onError(renderError);
  if (settings.upstreamPort === null) return { app, upstreamApp: null };
  const upstreamApp = createUpstreamApp({
    settings,
    gateway: createGateway({ ...relaying, guards: UNFRAMED }),
    limiter,
    observe: observing,
    access,
    checks,
    limits,
    renderError,
  });
  return { app, upstreamApp };
}

/** Returns all observers of exchanges, the log first. */
function toObservers(
  { log, metrics, observers = [] }: AppDependencies,
  own: readonly (Observer | null)[],
): readonly Observer[] {
  const counting = metrics === undefined ? [] : [metrics];
  return [{ ended: log.request }, ...own.filter((one) => one !== null), ...counting, ...observers];
}
