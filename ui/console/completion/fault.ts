import { GatewayError } from '../../fleet/gateway.ts';

/** The reason why an answer is missing or incomplete, for display. */
export interface Fault {
  /** One sentence that says what happened. */
  readonly words: string;
  /** The message of the upstream or the gateway, or null. */
  readonly detail: string | null;
}

/**
 * Converts an error to a fault. `label` is the provider's label; `hasBegun` tells whether part of the answer had
 * arrived.
 */
export function toFault(
  cause: unknown,
  { label, hasBegun }: { readonly label: string; readonly hasBegun: boolean },
): Fault {
  if (!(cause instanceof GatewayError)) {
    const words = hasBegun
      ? `Cut off: the connection to ${label} broke.`
      : `The connection to ${label} broke before an answer came.`;
    return { words, detail: null };
  }
  if (cause.status === null) return { words: cause.message, detail: null };
  if (hasBegun) return { words: `Cut off: ${label} gave up.`, detail: cause.message };
  return { words: toWords(cause, label), detail: cause.message };
}

function toWords({ status, code, isOwn, retryAfterS }: GatewayError, label: string): string {
  if (code === 'provider_unreachable') return `${label} cannot be reached.`;
  if (status === 401 || status === 403) {
    return isOwn ? 'Paddock does not let this page in.' : `${label} does not let Paddock in.`;
  }
  if (status === 404) return `${label} does not know this model.`;
  if (status === 413) return 'The request is larger than Paddock takes.';
  if (status === 429) {
    const when = retryAfterS === null ? '' : ` It asks to wait ${retryAfterS} s.`;
    if (isOwn) return `Paddock takes no more requests for now.${when}`;
    return `${label} is full: too many requests wait there already.${when}`;
  }
  if (status === 503) return `${isOwn ? 'Paddock' : label} is not ready for this model.`;
  if (status !== null && status >= 500) return `${label} could not answer.`;
  return `${label} refuses this request.`;
}

/** The fault of a stream that ends without a finish reason or `[DONE]`: something on the way has cut it. */
export const UNFINISHED: Fault = {
  words: 'Cut off: the answer ended before the model had finished.',
  detail: null,
};

/** The fault of a response that contains no answer of a model, such as another page or an empty body. */
export const NO_ANSWER: Fault = {
  words: 'What came back is no answer of a model.',
  detail: null,
};

/** The fault of an answer that finished without any content. */
export const EMPTY: Fault = {
  words: 'The model ended without an answer.',
  detail: null,
};
