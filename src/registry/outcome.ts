/** Why a request to an upstream failed. `cause` is only for logs. */
export type Failure = { readonly cause: unknown } & (
  | {
      readonly kind:
        | 'timeout'
        /** The connection failed, or broke before an answer. */
        | 'unreachable'
        /** The connection broke during the answer. */
        | 'cut-off'
        /** Paddock has no file descriptors left. */
        | 'exhausted';
    }
  /** The upstream cannot do it. `reason` follows "The llama-swap of NAME": "is too old: update it". */
  | { readonly kind: 'unsupported'; readonly reason: string }
  /** The upstream does not have the model. */
  | { readonly kind: 'unknown-model' }
  /** The upstream began to load the model, and gave up. */
  | { readonly kind: 'load-failed' }
  /** `sent` follows the provider's name: "sent the status 999". */
  | { readonly kind: 'not-http'; readonly sent: string }
  /** A status other than 2xx. The body is empty unless the request asked for it. */
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  /** A 2xx whose body does not have the expected form. */
  | { readonly kind: 'unexpected'; readonly status: number; readonly isTooLarge: boolean }
);

/** How a request to an upstream ended. Upstream failures are data: nothing is thrown for them. */
export type Outcome<T> = { readonly kind: 'ok'; readonly value: T } | Failure;

/** The outcome of a change that succeeded, or that was not needed. */
export const DONE = { kind: 'ok', value: null } as const;

/** Whether the answer is that of a route or a model that does not exist. */
export function isAbsent(outcome: Outcome<unknown>): outcome is Failure & { kind: 'status' } {
  return outcome.kind === 'status' && (outcome.status === 404 || outcome.status === 405);
}

/** Returns the outcome for a model that is not in the upstream's list. */
export function toUnlisted(model: string): Failure {
  return { kind: 'unknown-model', cause: new Error(`${model} is not listed`) };
}
