import { GatewayError } from '../../fleet/gateway-error.ts';

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
      ? `Incomplete: the connection to ${label} was lost.`
      : `The connection to ${label} was lost before an answer arrived.`;
    return { words, detail: null };
  }
  if (cause.status === null) return { words: cause.message, detail: null };
  if (hasBegun) return { words: `Incomplete: ${label} reported an error.`, detail: cause.message };
  return { words: toWords(cause, label), detail: cause.message };
}

function toWords({ status, code, isOwn, retryAfterS }: GatewayError, label: string): string {
  if (code === 'provider_unreachable') return `${label} cannot be reached.`;
  if (status === 401 || status === 403) {
    return isOwn ? 'Paddock denies access to this page.' : `${label} denies access to Paddock.`;
  }
  if (status === 404) return `${label} does not have this model.`;
  if (status === 413) return 'The request is too large for Paddock.';
  if (status === 429) {
    const when = retryAfterS === null ? '' : ` Try again in ${retryAfterS} s.`;
    if (isOwn) return `Paddock accepts no more requests at the moment.${when}`;
    return `${label} has too many waiting requests.${when}`;
  }
  if (status === 503) return `${isOwn ? 'Paddock' : label} is not ready for this model.`;
  if (status !== null && status >= 500) return `${label} could not answer.`;
  return `${label} rejected this request.`;
}

/** The fault of a stream that ends without a finish reason or `[DONE]`: something on the way has cut it. */
export const UNFINISHED: Fault = {
  words: 'Incomplete: the answer ended before the model finished.',
  detail: null,
};

/** The fault of a response that contains no answer of a model, such as another page or an empty body. */
export const NO_ANSWER: Fault = {
  words: 'The response is not an answer of a model.',
  detail: null,
};

/** The fault of an answer that finished without any content. */
export const EMPTY: Fault = {
  words: 'The model returned an empty answer.',
  detail: null,
};
