import { Hono, type Context } from 'hono';
import { resolver } from 'hono-openapi';
import { isAnthropicPath } from '../../errors.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { Settings } from '../../settings/settings.ts';
import { bodyErrors, describe, idErrors } from '../openapi/describe.ts';
import type { ConcurrencyLimiter } from '../middleware/limit-concurrency.ts';
import { readCorrectedPath, readExchange } from '../middleware/observe.ts';
import { relayedAnswers, upgradedAnswers } from '../openapi/error-answers.ts';
import { BODY_ROUTES, QUERY_ROUTES, toRequestSchema } from '../openapi/inference-routes.ts';
import { PARAMETERS } from '../openapi/parameters.ts';
import { refuseForeign, refuseServiceWorker } from '../middleware/refuse-foreign.ts';
import { requireProviders } from '../view.ts';

const TAG = 'gateway';

const queryErrors = [
  ...idErrors,
  'invalid_request',
  'model_required',
  'invalid_response',
  'provider_unreachable',
  'upstream_timeout',
] as const;

const errors = [...queryErrors, ...bodyErrors] as const;

const UPSTREAM_PATH = '/upstream/:provider/:rest{[\\s\\S]+}';
const DESCRIBED_METHODS = ['PUT', 'POST', 'PATCH', 'DELETE'];

const UPSTREAM = {
  tag: TAG,
  summary:
    'Forwards a request of any method to the model’s own server, through llama-swap; loads the model',
  answers: relayedAnswers,
  errorShape: 'relayed',
  parameters: [PARAMETERS.UpstreamProvider, PARAMETERS.UpstreamPath],
  errors: [
    'invalid_request',
    'unknown_provider',
    'unsupported_by_provider',
    ...bodyErrors,
    'invalid_response',
    'provider_unreachable',
    'upstream_timeout',
    'no_providers',
  ],
} as const;

/** A GET may also ask for a WebSocket. */
const UPSTREAM_GET = {
  ...UPSTREAM,
  answers: upgradedAnswers,
  errors: [...UPSTREAM.errors, 'unsupported_by_runtime'],
} as const;

/** Creates the routes that relay requests to a model's provider. */
export function gatewayRoutes(options: {
  settings: Settings;
  gateway: Gateway;
  /** Null without a concurrency limit. */
  limiter: ConcurrencyLimiter | null;
}) {
  const { settings, gateway, limiter } = options;
  const needsModel = settings.roles.default === null;
  const relay = (to: Gateway['relayBody']) => (c: Context) => {
    requireProviders(settings);
    limiter?.acquire(c);
    return to({ client: c.req.raw, exchange: readExchange(c), path: readCorrectedPath(c) });
  };
  /** A GET can load a model too, and so can even an OPTIONS to a model's own server. */
  const relayOwn = (to: Gateway['relayBody']) => {
    const relayed = relay(to);
    return (c: Context) => {
      refuseForeign(c, settings);
      refuseServiceWorker(c);
      return relayed(c);
    };
  };
  const routes = new Hono();
  const described = { tag: TAG, answers: relayedAnswers, errorShape: 'relayed' } as const;
  for (const [path, [summary, request]] of Object.entries(BODY_ROUTES)) {
    const type = request.isForm === true ? 'multipart/form-data' : 'application/json';
    const schema = resolver(toRequestSchema(request, { needsModel }));
    const requestBody = { required: true, content: { [type]: { schema } } };
    const errorShape = isAnthropicPath(path) ? 'relayedAnthropic' : 'relayed';
    const description = { ...described, summary, errors, errorShape, requestBody } as const;
    routes.post(path, describe(description, relay(gateway.relayBody)));
  }
  for (const [path, summary] of Object.entries(QUERY_ROUTES)) {
    const parameters = [needsModel ? PARAMETERS.RequiredModelInQuery : PARAMETERS.ModelInQuery];
    const description = { ...described, summary, errors: queryErrors, parameters };
    routes.get(path, describe(description, relayOwn(gateway.relayQuery)));
  }
  const { relayUpstream } = gateway;
  return (
    routes
      .get(UPSTREAM_PATH, describe(UPSTREAM_GET, relayOwn(relayUpstream)))
      .on(DESCRIBED_METHODS, UPSTREAM_PATH, describe(UPSTREAM, relayOwn(relayUpstream)))
      // Relay every other method, and paths that the provider will not know.
      .all('/upstream/*', relayOwn(relayUpstream))
  );
}
