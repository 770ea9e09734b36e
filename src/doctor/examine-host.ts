// doctor/ finds out what is wrong with a herd, and says what mends it. `diagnose` decides by what was found; the
// examinations ask the hosts, within their own timeouts, and never make one load a model.

import type { Fetch } from '../fetch.ts';
import { ask } from '../upstream/ask.ts';
import { toCredentials } from '../upstream/credentials.ts';
import { LlamaSwapApi, type Version } from '../upstream/llama-swap-api.ts';
import { PROVIDER_KINDS, type Provider } from '../registry/provider.ts';

/** What a host says it is. */
type Software =
  /** llama-swap, and its release, or null where it is too old to say. */
  | { readonly kind: 'llama-swap'; readonly release: string | null }
  /** Something else that lists models. */
  | { readonly kind: 'other' }
  /** It gave no answer to tell by, or nobody asked. */
  | { readonly kind: 'unknown' };

/** How a sidecar is. */
type SidecarState =
  | { readonly kind: 'answers' }
  | { readonly kind: 'refuses'; readonly status: number }
  | { readonly kind: 'broken'; readonly status: number }
  | { readonly kind: 'silent' };

/** What was found at one provider, beside what a probe finds. */
export interface Examination {
  readonly software: Software;
  /** Null where it has none. */
  readonly sidecar: SidecarState | null;
}

/** Asks a provider what it is, and whether its sidecar is there, side by side. Never throws. */
export async function examineHost(provider: Provider, fetch: Fetch): Promise<Examination> {
  const signal = AbortSignal.timeout(provider.timeoutMs);
  const [software, sidecar] = await Promise.all([
    PROVIDER_KINDS[provider.kind].running
      ? findSoftware(new LlamaSwapApi({ provider, fetch }), signal)
      : ({ kind: 'unknown' } as const),
    provider.sidecarUrl === null ? null : examineSidecar(provider, { fetch, signal }),
  ]);
  return { software, sidecar };
}

async function findSoftware(api: LlamaSwapApi, signal: AbortSignal): Promise<Software> {
  const orNull = <T>(asking: Promise<T>): Promise<T | null> => asking.catch(() => null);
  const version = await orNull(api.version(signal));
  if (isOwnVersion(version)) return { kind: 'llama-swap', release: version.version };
  const [running, models] = await Promise.all([
    orNull(api.running(signal)),
    orNull(api.listModels(signal)),
  ]);
  const isOwner = models?.some((record) => record['owned_by'] === 'llama-swap') === true;
  if (running !== null || isOwner) return { kind: 'llama-swap', release: null };
  return { kind: models !== null && models.length > 0 ? 'other' : 'unknown' };
}

/** Ollama has a route of the same name, which says less. */
function isOwnVersion(version: Version | null): version is Version {
  return version?.build_date !== undefined || version?.commit !== undefined;
}

async function examineSidecar(
  provider: Provider,
  { fetch, signal }: { fetch: Fetch; signal: AbortSignal },
): Promise<SidecarState> {
  try {
    const url = `${provider.sidecarUrl}/v1/models`;
    const response = await ask({ fetch, url, headers: toCredentials(provider), signal });
    response.body?.cancel().catch(() => {});
    const { status } = response;
    if (status === 401 || status === 403) return { kind: 'refuses', status };
    // It need not list models itself: any other answer shows that it is there.
    return status >= 500 ? { kind: 'broken', status } : { kind: 'answers' };
  } catch {
    return { kind: 'silent' };
  }
}
