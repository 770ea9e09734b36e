// doctor/ finds faults of the providers and how to correct them. `examineHost` sends requests to a provider within its
// timeout and never makes it load a model. `diagnose` decides from the results.

import { within, type Clock } from '../clock.ts';
import { MODEL_LIST, RUNNING, VERSION } from '../upstream/bodies.ts';
import type { Outcome } from '../upstream/outcome.ts';
import type { RequestUpstream } from '../upstream/request-upstream.ts';
import type { Provider } from '../registry/provider.ts';

/** Whether a provider runs the software of its kind, and its release; null if it is too old to report one. */
type Software =
  | { readonly isOfKind: true; readonly release: string | null }
  | { readonly isOfKind: false };

/** The facts found at one provider in addition to a probe's result. */
export interface Examination {
  /** Null if its answers do not show its software, or its kind is not checked. */
  readonly software: Software | null;
  /** The outcome of a request for its sidecar's models; null without a sidecar. */
  readonly sidecar: Outcome<null> | null;
}

/** Checks a provider's software and its sidecar concurrently. Never throws. */
export function examineHost(
  provider: Provider,
  { requestUpstream, clock }: { requestUpstream: RequestUpstream; clock: Clock },
): Promise<Examination> {
  const { kind, sidecarUrl: base, timeoutMs: milliseconds } = provider;
  return within({ clock, milliseconds }, async (signal) => {
    const [software, sidecar] = await Promise.all([
      kind.readRelease === null ? null : findSoftware(provider, { requestUpstream, signal }),
      base === null ? null : requestUpstream(provider, { base, path: '/v1/models', signal }),
    ]);
    return { software, sidecar };
  });
}

async function findSoftware(
  provider: Provider,
  { requestUpstream, signal }: { requestUpstream: RequestUpstream; signal: AbortSignal },
): Promise<Software | null> {
  const version = await requestUpstream(provider, {
    path: '/api/version',
    signal,
    body: VERSION,
  });
  if (version.kind === 'ok') {
    const { version: release, commit, build_date: built } = version.value;
    // Ollama has the same route, but its answer has neither `commit` nor `build_date`.
    if (commit !== undefined || built !== undefined) return { isOfKind: true, release };
  }
  const [running, list] = await Promise.all([
    requestUpstream(provider, { path: '/running', signal, body: RUNNING }),
    requestUpstream(provider, { path: '/v1/models', signal, body: MODEL_LIST }),
  ]);
  const records = list.kind === 'ok' ? list.value.data : [];
  const isOwner = records.some((record) => Object(record)['owned_by'] === provider.kind.name);
  if (running.kind === 'ok' || isOwner) return { isOfKind: true, release: null };
  return records.length > 0 ? { isOfKind: false } : null;
}
