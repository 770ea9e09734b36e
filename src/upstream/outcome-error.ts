import { PaddockError, toExhaustedError, type ErrorCode } from '../errors.ts';
import type { Provider } from '../registry/provider.ts';
import type { Failure } from '../registry/outcome.ts';
import { toUnreachableMessage } from './unreachable-message.ts';

type Described = Pick<Provider, 'name' | 'kind' | 'token' | 'timeoutMs'>;

/** The request that failed. */
export interface FailedRequest {
  readonly provider: Described;
  /** A client's request that the gateway forwards, a probe of the catalog, a load, or another management request. */
  readonly purpose: 'request' | 'probe' | 'load' | 'management';
  /** The timeout that applied, in milliseconds; by default the provider's own. */
  readonly timeoutMs?: number;
  /** The model that a management request names, or null. */
  readonly model?: string | null;
}

/** The error code of a failure, and a message that says what is wrong and how to correct it. */
type Explanation = readonly [code: ErrorCode, message: string];

/** Creates the error for a failed request to an upstream. Its message never shows the upstream's address. */
export function toOutcomeError(failure: Failure, asked: FailedRequest): PaddockError {
  const { provider, purpose } = asked;
  const { cause } = failure;
  if (failure.kind === 'exhausted' && purpose !== 'probe') return toExhaustedError(cause);
  const [code, message] =
    purpose === 'probe' ? explainProbe(failure, provider) : explainRequest(failure, asked);
  const headers = { 'x-paddock-provider': provider.name };
  return new PaddockError(code, message, {
    cause,
    headers,
    ...(code === 'not_found' && { param: 'model' }),
  });
}

function explainProbe(failure: Failure, provider: Described): Explanation {
  const { name, kind, timeoutMs } = provider;
  const { address, timeout } = kind.settings;
  const checkPath = `check its port and base path in ${address}.`;
  switch (failure.kind) {
    case 'timeout':
      return [
        'provider_timeout',
        `${name} did not answer within ${timeoutMs} ms: it may be asleep, or need a longer timeout in ${timeout}.`,
      ];
    case 'exhausted':
      return [
        'overloaded',
        `${name} was not probed, because Paddock has no free file descriptors: raise the limit (LimitNOFILE in systemd, ulimit -n).`,
      ];
    case 'status':
      return explainProbeStatus(failure.status, provider);
    case 'cut-off':
      return [
        'provider_unreachable',
        `${name} closed the connection during its answer: check its server and the network.`,
      ];
    case 'not-http':
      return ['invalid_response', toNotHttpMessage(failure.sent, provider)];
    case 'unexpected':
      return failure.isTooLarge
        ? ['invalid_response', `${name} sent more than 8 MiB instead of a model list: ${checkPath}`]
        : ['invalid_response', `${name} sent an answer that is not a model list: ${checkPath}`];
    default:
      return [
        'provider_unreachable',
        `${name} could not be reached: check that it is running, and its host and port in ${address}.`,
      ];
  }
}

function explainProbeStatus(status: number, provider: Described): Explanation {
  const { name, kind } = provider;
  const { address } = kind.settings;
  if (isRefusal(status)) return ['unauthorized', toRefusedMessage(provider, status)];
  if (status >= 300 && status < 400) {
    return [
      'invalid_response',
      `${name} answered with a redirect, which Paddock does not follow: set the redirect’s target in ${address}.`,
    ];
  }
  const answered = `${name} answered HTTP ${status} instead of its model list`;
  // A reverse proxy answers 502, 503 or 504 for a server that is down.
  return status >= 502 && status <= 504
    ? ['provider_unreachable', `${answered}: check that the server behind it is running.`]
    : ['invalid_response', `${answered}: check its port and base path in ${address}.`];
}

function explainRequest(failure: Failure, asked: FailedRequest): Explanation {
  const { provider, timeoutMs = provider.timeoutMs, model = null } = asked;
  const { name, kind } = provider;
  switch (failure.kind) {
    case 'timeout':
      return [
        'provider_timeout',
        `${name} did not answer within ${timeoutMs} ms. It may be asleep or still working: check GET /api/providers.`,
      ];
    case 'not-http':
      return [
        'invalid_response',
        `${toNotHttpMessage(failure.sent, provider)} The request was not retried.`,
      ];
    case 'unsupported':
      return ['unsupported_by_provider', `The ${kind.name} of ${name} ${failure.reason}.`];
    case 'unknown-model':
      return ['not_found', toUnknownModelMessage(name, model ?? '')];
    case 'load-failed':
      return ['invalid_response', toNotLoadedMessage(name, `"${model}"`)];
    case 'status':
    case 'unexpected':
      return explainAnswer(failure, asked);
    default:
      return ['provider_unreachable', toUnreachableMessage(failure.cause, provider)];
  }
}

/** Explains an answer that is not the expected one. */
function explainAnswer(
  failure: Failure & { kind: 'status' | 'unexpected' },
  { provider, purpose, model = null }: FailedRequest,
): Explanation {
  const { name, kind } = provider;
  const { address } = kind.settings;
  const { status } = failure;
  if (status === 404 || status === 410) {
    // An HTML page comes from a web server in front of the provider, or from one that runs instead of it.
    const isPage = failure.kind === 'status' && /^\s*</u.test(failure.body);
    if (model !== null && !isPage) return ['not_found', toUnknownModelMessage(name, model)];
    return [
      'unsupported_by_provider',
      `${name} does not support this request (HTTP ${status}): its ${kind.name} is too old, or the server at its address in ${address} is not ${kind.name}.`,
    ];
  }
  if (isRefusal(status)) return ['invalid_response', toRefusedMessage(provider, status)];
  if (purpose === 'load' && failure.kind === 'status') {
    return ['invalid_response', toNotLoadedMessage(name, `"${model}" (HTTP ${status})`)];
  }
  const advice = canRecover(status)
    ? 'retry, or check its log'
    : `check its port and base path in ${address}`;
  return ['invalid_response', `${name} sent an unexpected answer (HTTP ${status}): ${advice}.`];
}

function toNotHttpMessage(sent: string, { name, kind }: Described): string {
  return `${name} ${sent}: check the server at its address in ${kind.settings.address}.`;
}

function isRefusal(status: number): boolean {
  return status === 401 || status === 403;
}

/** Whether the same request can succeed later. After 501 or 505 it cannot: a method or HTTP version is unsupported. */
function canRecover(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Returns the message for a provider that rejects Paddock's key, or that requires a key when none is set. */
function toRefusedMessage({ name, kind, token }: Described, status: number): string {
  const { key } = kind.settings;
  return token === null
    ? `${name} requires a key (HTTP ${status}): put the key before the host, as key@host, in ${key}.`
    : `${name} rejected the key of Paddock (HTTP ${status}): correct the key in ${key}.`;
}

function toNotLoadedMessage(name: string, model: string): string {
  return `${name} did not load ${model}: retry, or check its log for the cause.`;
}

function toUnknownModelMessage(name: string, model: string): string {
  const own = model.startsWith(`${name}/`)
    ? ` Send its own name, "${model.slice(name.length + 1)}".`
    : '';
  return `${name} has no model "${model}" of its own: GET /api/models lists its models.${own}`;
}
