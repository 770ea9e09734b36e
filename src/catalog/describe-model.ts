import type { Registry } from '../registry/registry.ts';
import { findProvider } from '../registry/require-provider.ts';
import type { ResolvedModel } from '../resolve/resolve-model.ts';
import { findContextWindow, type ContextWindow } from './context-window.ts';
import { findServed } from './find-listed.ts';
import type { Snapshot } from './snapshot.ts';

/** What an ID means, and what is known of it without asking anybody. */
export interface DescribedModel extends ResolvedModel, ContextWindow {
  /** The name of its provider's kind. */
  readonly kind: string;
  /** Base URLs, without credentials. */
  readonly upstream: { readonly inference: string; readonly management: string };
  /** Whether it can be asked for now; null where its provider was never probed. */
  readonly available: boolean | null;
}

interface Herd {
  readonly registry: Registry;
  /** What was last seen, or null. */
  readonly snapshot: Snapshot | null;
}

/** Says of a resolved ID where it leads, whether it is there, and how long its prompts may be. */
export function describeModel(
  resolved: ResolvedModel,
  { registry, snapshot }: Herd,
): DescribedModel {
  const provider = findProvider(resolved, registry);
  const listed = findServed(resolved.id, snapshot);
  return {
    ...resolved,
    kind: provider.kind.name,
    upstream: {
      inference: provider.sidecarUrl ?? provider.baseUrl,
      management: provider.baseUrl,
    },
    available: snapshot?.results.has(provider.name) ? listed !== null : null,
    ...findContextWindow({ provider, model: resolved.model, listed }, snapshot),
  };
}

/**
 * Whether a model is gone although its provider is there: a setting that names it is out of date. One whose provider is
 * away is not.
 */
export function isDrifted({ id, provider }: ResolvedModel, snapshot: Snapshot | null): boolean {
  const isOnline = snapshot?.results.get(provider)?.status === 'online';
  return isOnline && findServed(id, snapshot) === null;
}
