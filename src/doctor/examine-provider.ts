// doctor/ finds faults of the providers and how to correct them. `examineProvider` sends requests to a provider within its
// timeout and never makes it load a model. `diagnose` decides from the results.

import { within, type Clock } from '../clock.ts';
import type { Outcome } from '../registry/outcome.ts';
import type { Software } from '../registry/provider-kind.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import type { Provider } from '../registry/provider.ts';

/** The facts found at one provider in addition to a probe's result. */
export interface Examination {
  /** Null if its answers do not show its software, or its kind is not checked. */
  readonly software: Software | null;
  /** The outcome of a request for its sidecar's models; null without a sidecar. */
  readonly sidecar: Outcome<null> | null;
}

/** Checks a provider's software and its sidecar concurrently. Never throws. */
export function examineProvider(
  provider: Provider,
  { requestUpstream, clock }: { requestUpstream: RequestUpstream; clock: Clock },
): Promise<Examination> {
  const { kind, sidecarUrl: base, timeoutMs: milliseconds } = provider;
  return within({ clock, milliseconds }, async (signal) => {
    const ask = askProvider(provider, { requestUpstream, signal });
    const [software = null, sidecar] = await Promise.all([
      kind.software?.find(ask),
      base === null ? null : ask({ base, path: '/v1/models' }),
    ]);
    return { software, sidecar };
  });
}
