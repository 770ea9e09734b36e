import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { PaddockError } from '../errors.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Settings } from '../settings/settings.ts';
import { runChecks, type Check } from './middleware/checks.ts';
import type { ConcurrencyLimiter } from './middleware/limit-concurrency.ts';
import { readExchange } from './middleware/observe.ts';
import { refuseOtherOrigins } from './middleware/refuse-foreign.ts';
import { refuseUnknownHost } from './middleware/refuse-untrusted.ts';
import type { RenderError } from './render-error.ts';
import { BASIC_CHALLENGE, type Access } from './middleware/require-key.ts';
import { requireProviders } from './view.ts';

const NOT_FOUND_MESSAGE =
  'This port serves only /upstream/{provider}/{model}/. All other routes are on PORT.';

/** Creates the app for `UPSTREAM_PORT`: only `/upstream/*`, on an origin where providers' pages run scripts. */
export function createUpstreamApp(options: {
  settings: Settings;
  gateway: Gateway;
  limiter: ConcurrencyLimiter | null;
  observe: MiddlewareHandler;
  access: Pick<Access, 'requireKey'>;
  checks: readonly Check[];
  limits: readonly MiddlewareHandler[];
  renderError: RenderError;
}) {
  const { settings, gateway, limiter, access, checks, limits, renderError } = options;
  const relay = (c: Context) => {
    requireProviders(settings);
    limiter?.acquire(c);
    return gateway.relayUpstream({ client: c.req.raw, exchange: readExchange(c) });
  };
  const app = new Hono()
    .use('*', options.observe)
    .use('*', runChecks([...checks, refuseUnknownHost(settings), refuseOtherOrigins]))
    .use('*', ...access.requireKey(BASIC_CHALLENGE), ...limits)
    .all('/upstream/:provider/:rest{[\\s\\S]+}', relay)
    .all('/upstream/*', relay);
  app.notFound((c) => renderError(new PaddockError('not_found', NOT_FOUND_MESSAGE), c));
  app.onError(renderError);
  return app;
}
