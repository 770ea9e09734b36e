import { Hono, type Context } from 'hono';
import { isAnthropicPath } from '../../errors.ts';
import { MODEL_REQUIRED_MESSAGE, type Gateway } from '../../gateway/gateway.ts';
import { TWO_MODELS_MESSAGE } from '../../gateway/model-query.ts';
import { toUnreachableMessage } from '../../upstream/unreachable-error.ts';
import { toTimeoutMessage } from '../../gateway/upstream-timeout.ts';
import {
  DOTS_MESSAGE,
  toNoUpstreamMessage,
  UNKNOWN_PROVIDER_MESSAGE,
} from '../../gateway/upstream-path.ts';
import type { Settings } from '../../registry/settings.ts';
import { NO_PROVIDERS_MESSAGE } from '../../resolve/resolve-model.ts';
import { bodyErrors, describe, idErrors, pathParameter, queryParameter } from '../describe.ts';
import type { Places } from '../limit-concurrency.ts';
import { readExchange } from '../observe.ts';
import { refuseForeign, refuseServiceWorker } from '../refuse-foreign.ts';
import { requireProviders } from '../view.ts';

/** Every route whose body names the model, and what it is for. */
const BODY_ROUTES = {
  '/v1/chat/completions': 'Chat',
  '/v1/responses': 'Chat, as OpenAI’s Responses',
  '/v1/completions': 'Completes a text',
  '/v1/messages': 'Chat, as Anthropic’s Messages',
  '/v1/messages/count_tokens': 'Counts the tokens of an Anthropic message',
  '/v1/embeddings': 'Embeddings',
  '/v1/rerank': 'Orders documents by a question',
  '/v1/reranking': 'Orders documents by a question',
  '/rerank': 'Orders documents by a question',
  '/reranking': 'Orders documents by a question',
  '/infill': 'Completes code between two pieces',
  '/completion': 'Completes a text, as llama.cpp does',
  '/v1/audio/speech': 'Speaks a text',
  '/v1/audio/transcriptions': 'Writes down speech',
  '/v1/audio/voices': 'Asks for voices',
  '/v1/images/generations': 'Makes images',
  '/v1/images/edits': 'Edits images',
  '/sdapi/v1/txt2img': 'Makes images, as Stable Diffusion web UI does',
  '/sdapi/v1/img2img': 'Makes images of images, as Stable Diffusion web UI does',
  '/audioapi/v1/tasks/run': 'Runs an audio task',
} as const;

/** Every route whose query names the model. */
const QUERY_ROUTES = {
  '/v1/audio/voices': 'Lists voices',
  '/sdapi/v1/loras': 'Lists LoRAs',
  '/props': 'What the model’s own server says of itself; starts the model',
} as const;

const answers = { 200: { description: 'What the host answers, as it comes, with its own status' } };

const queryErrors = {
  ...idErrors,
  invalid_request: TWO_MODELS_MESSAGE,
  model_required: MODEL_REQUIRED_MESSAGE,
  provider_unreachable: toUnreachableMessage('ECONNREFUSED', {
    name: 'sam-desktop',
    kind: 'llama-swap',
  }),
  upstream_timeout: toTimeoutMessage('sam-desktop', 600_000),
} as const;

const errors = {
  ...queryErrors,
  ...bodyErrors,
  invalid_request: 'The body is not a JSON object: send a JSON object.',
} as const;

const naming = {
  schema: {
    type: 'object',
    properties: {
      model: {
        type: 'string',
        description: 'A composite ID, a bare ID or an alias; without it, DEFAULT_MODEL.',
        example: 'sam-desktop/qwen3.6-27b',
      },
    },
  },
} as const;

const DESCRIBED_METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];

const UPSTREAM = {
  tag: 'gateway',
  summary: 'A model’s own server, through llama-swap, by any method; starts the model',
  answers,
  parameters: [
    pathParameter('provider', 'A provider’s name.'),
    pathParameter('rest', 'The provider’s own name for a model, and a path of its server.'),
  ],
  errors: {
    invalid_request: DOTS_MESSAGE,
    unknown_provider: UNKNOWN_PROVIDER_MESSAGE,
    unsupported_by_provider: toNoUpstreamMessage('deepseek'),
    ...bodyErrors,
    provider_unreachable: errors.provider_unreachable,
    upstream_timeout: errors.upstream_timeout,
    no_providers: NO_PROVIDERS_MESSAGE,
  },
};

/** What is passed on to the host that a model is on. */
export function gatewayRoutes(options: {
  settings: Settings;
  gateway: Gateway;
  /** Null where as many requests may be under way as like. */
  places: Places | null;
}) {
  const { settings, gateway, places } = options;
  const relay = (to: Gateway['relayBody']) => (c: Context) => {
    requireProviders(settings);
    places?.take(c);
    return to(c.req.raw, readExchange(c));
  };
  /** A GET can have a model loaded as well, and to a model's own server even an OPTIONS. */
  const relayOwn = (to: Gateway['relayBody']) => {
    const relayed = relay(to);
    return (c: Context) => {
      refuseForeign(c, settings);
      refuseServiceWorker(c);
      return relayed(c);
    };
  };
  const routes = new Hono();
  for (const [path, summary] of Object.entries(BODY_ROUTES)) {
    const requestBody = { content: { 'application/json': naming, 'multipart/form-data': naming } };
    const anthropic = isAnthropicPath(path);
    const description = { tag: 'gateway', summary, answers, errors, requestBody, anthropic };
    routes.post(path, describe(description, relay(gateway.relayBody)));
  }
  for (const [path, summary] of Object.entries(QUERY_ROUTES)) {
    const parameters = [queryParameter('model', naming.schema.properties.model.description)];
    const description = { tag: 'gateway', summary, answers, errors: queryErrors, parameters };
    routes.get(path, describe(description, relayOwn(gateway.relayQuery)));
  }
  const { relayUpstream } = gateway;
  return (
    routes
      .on(
        DESCRIBED_METHODS,
        '/upstream/:provider/:rest{[\\s\\S]+}',
        describe(UPSTREAM, relayOwn(relayUpstream)),
      )
      // Any other method too, and paths that the host will not know either.
      .all('/upstream/*', relayOwn(relayUpstream))
  );
}
