// doctor/ finds faults of the providers and how to correct them. `examineProvider` sends requests to a provider within its
// timeout and never makes it load a model. `diagnose` decides from the results.

import { within, type Clock } from '../clock.ts';
import type { Outcome } from '../registry/outcome.ts';
import { KINDS } from '../registry/kinds/kinds.ts';
import type { Ask } from '../registry/own-request.ts';
import type { ProviderKind, Software } from '../registry/provider-kind.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import type { Provider } from '../registry/provider.ts';

/** The facts found at one provider in addition to a probe's result. */
export interface Examination {
  /** Null if its answers do not show its software, or its kind is not checked. */
  readonly software: Software | null;
  /** The kind that would tell more of the provider; null if its own kind is right, or no other is recognized. */
  readonly betterKind: ProviderKind | null;
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
    const sidecar = base === null ? null : ask({ base, path: '/v1/models' });
    const software = (await kind.software?.find(ask)) ?? null;
    const mayBeOther = kind.isGeneric === true || software?.isOfKind === false;
    const betterKind = mayBeOther ? await recognize(ask) : null;
    return { software, betterKind, sidecar: await sidecar };
  });
}

/** Returns the kind of the software that a provider runs; null if none is recognized. */
async function recognize(ask: Ask): Promise<ProviderKind | null> {
  const kinds: readonly ProviderKind[] = KINDS;
  const checked = kinds.filter(({ software }) => software?.recognizes === true);
  const found = await Promise.all(checked.map(({ software }) => software?.find(ask)));
  return checked.find((_, index) => found[index]?.isOfKind === true) ?? null;
}
