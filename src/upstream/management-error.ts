import { PaddockError } from '../errors.ts';
import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';
import { HostError } from './host-error.ts';
import { toRefusedMessage } from './refused-message.ts';
import { TooOldError } from './too-old-error.ts';
import { toUnreachableError } from './unreachable-error.ts';

/** What was asked of a host. */
export interface Management {
  readonly provider: Provider;
  /** The model it was about, or null. */
  readonly model: string | null;
  /** How long the host had, in milliseconds. */
  readonly timeoutMs: number;
}

/** What a client is told where a host did not do what was asked of it: what is wrong and what mends it, without its address. */
export function toManagementError(cause: unknown, asked: Management): PaddockError {
  const { provider, timeoutMs } = asked;
  if (cause instanceof PaddockError) return cause;
  if (cause instanceof HostError) return toHostAnswer(cause, asked);
  if (cause instanceof TooOldError) {
    return new PaddockError('unsupported_by_provider', cause.message, { cause });
  }
  if (cause instanceof DOMException && cause.name === 'TimeoutError') {
    return new PaddockError('provider_timeout', toTimeoutMessage(provider.name, timeoutMs), {
      cause,
    });
  }
  return toUnreachableError(cause, provider);
}

/** Said of a host that takes too long. */
export function toTimeoutMessage(name: string, timeoutMs: number): string {
  return `${name} did not answer within ${timeoutMs} ms: it may be asleep, or still at it; look with GET /api/providers.`;
}

/** Said of a model that the host does not know, or cannot unload. */
function toUnknownModelMessage(name: string, model: string): string {
  const own = model.startsWith(`${name}/`)
    ? ` Send its own name, "${model.slice(name.length + 1)}".`
    : '';
  return `${name} has no model "${model}" of its own to unload: GET /api/models lists what it has.${own}`;
}

function toHostAnswer(cause: HostError, { provider, model }: Management): PaddockError {
  const { name, kind } = provider;
  const { mend } = PROVIDER_KINDS[kind];
  const { category, status } = cause;
  // A page comes from a web server in between, or in its place.
  const isPage = /^\s*</u.test(cause.body);
  if (category === 'not-found' && model !== null && !isPage) {
    return new PaddockError('not_found', toUnknownModelMessage(name, model), {
      param: 'model',
      cause,
    });
  }
  if (category === 'not-found') {
    const message = `${name} knows no such request (HTTP ${status}): its llama-swap is too old, or what answers in ${mend.address} is none.`;
    return new PaddockError('unsupported_by_provider', message, { cause });
  }
  const message =
    category === 'auth'
      ? toRefusedMessage(provider, status)
      : `${name} answered HTTP ${status}, and not what was asked for: ${cause.retryable ? 'try again, or look at its log' : `check its port and base path in ${mend.address}`}.`;
  return new PaddockError('invalid_response', message, { cause });
}
