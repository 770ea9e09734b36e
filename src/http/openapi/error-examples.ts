import type { ErrorCode } from '../../errors.ts';
import { UNFORESEEN_MESSAGE } from '../../errors.ts';
import { UNAVAILABLE_MESSAGE } from '../../favorites/to-database-error.ts';
import { BODY_MEMORY_MESSAGE } from '../../gateway/body-memory.ts';
import { tooSlow } from '../../gateway/body-time.ts';
import { MODEL_REQUIRED_MESSAGE } from '../../gateway/gateway.ts';
import { tooLarge } from '../../gateway/read-bytes.ts';
import { toTimeoutMessage as toUpstreamTimeoutMessage } from '../../gateway/upstream-timeout.ts';
import { NO_WEB_SOCKETS_MESSAGE } from '../../gateway/web-socket.ts';
import { NO_SUCH_PROVIDER_MESSAGE, toUnmanagedMessage } from '../../registry/require-managed.ts';
import { NO_PROVIDERS_MESSAGE } from '../../resolve/resolve-model.ts';
import type { Failure } from '../../upstream/outcome.ts';
import { toOutcomeError } from '../../upstream/outcome-error.ts';
import { toRateMessage } from '../middleware/limit-rate.ts';
import { URL_TOO_LONG_MESSAGE } from '../middleware/limit-url.ts';
import { toForeignMessage } from '../middleware/refuse-foreign.ts';
import { toForbiddenMessage } from '../middleware/refuse-strangers.ts';
import { STOPPING_MESSAGE } from '../middleware/refuse-when-stopping.ts';
import { METRICS_ONLY_MESSAGE, toNoKeyMessage } from '../middleware/require-key.ts';

const provider = {
  name: 'sam-desktop',
  kind: 'llama-swap',
  token: 'key',
  timeoutMs: 2000,
} as const;
const toMessage = (failure: Failure) =>
  toOutcomeError(failure, { provider, purpose: 'management' }).message;

/** A message of each error, for the OpenAPI document. */
export const ERROR_EXAMPLES: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'The body is not a JSON object: send a JSON object.',
  invalid_model_id: 'The model ID is longer than 512 characters.',
  model_required: MODEL_REQUIRED_MESSAGE,
  unauthorized: toNoKeyMessage('API_KEYS'),
  forbidden_host: toForbiddenMessage('paddock.example'),
  forbidden_key: METRICS_ONLY_MESSAGE,
  forbidden_origin: toForeignMessage('https://chat.example'),
  not_found: 'sam-desktop does not list "nothing" now: GET /v1/models lists what there is.',
  unknown_provider: NO_SUCH_PROVIDER_MESSAGE,
  method_not_allowed: '/api/models does not take POST, but GET, HEAD.',
  request_timeout: tooSlow().message,
  conflict: 'The order does not hold exactly the favorites that there are now.',
  unsupported_by_provider: toUnmanagedMessage('deepseek'),
  body_too_large: tooLarge(64 * 2 ** 20).message,
  uri_too_long: URL_TOO_LONG_MESSAGE,
  rate_limit_exceeded: toRateMessage({ limit: 600, seconds: 20 }),
  headers_too_large: 'The headers are too large.',
  internal_error: UNFORESEEN_MESSAGE,
  unsupported_by_runtime: NO_WEB_SOCKETS_MESSAGE,
  invalid_response: toMessage({ kind: 'status', status: 401, body: '', cause: null }),
  provider_unreachable: toMessage({
    kind: 'unreachable',
    cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }),
  }),
  no_providers: NO_PROVIDERS_MESSAGE,
  database_unavailable: UNAVAILABLE_MESSAGE,
  overloaded: BODY_MEMORY_MESSAGE,
  shutting_down: STOPPING_MESSAGE,
  provider_timeout: toMessage({ kind: 'timeout', cause: null }),
  upstream_timeout: toUpstreamTimeoutMessage(provider.name, 600_000),
};
