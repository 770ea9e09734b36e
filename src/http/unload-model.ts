import { within, type Clock } from '../clock.ts';
import type { Managed } from '../registry/require-provider.ts';
import { toOutcomeError } from '../upstream/outcome-error.ts';
import { askProvider, type RequestUpstream } from '../upstream/request-upstream.ts';
import type { AnswerWatch } from './watch-answers.ts';

/** In milliseconds. A provider answers once the model's process has stopped, and may give it ten seconds to stop. */
const UNLOAD_TIMEOUT_MS = 30_000;

/** How long a kind waits before it asks a provider again, in milliseconds. */
const PAUSE_MS = 100;

/** Unloads a model, or all models (null), and waits until they have stopped. Throws if the provider does not. */
export type UnloadModel = (
  managed: Managed<'unload'>,
  model: string | null,
) => Promise<{ provider: string; model: string | null }>;

/** Creates the function that unloads models. */
export function createUnloadModel(options: {
  requestUpstream: RequestUpstream;
  clock: Clock;
  watch: Pick<AnswerWatch, 'unloading' | 'unloaded'>;
}): UnloadModel {
  const { requestUpstream, clock, watch } = options;
  return async ({ provider, manage: unload }, model) => {
    const { name } = provider;
    watch.unloading(name);
    const pause = () => clock.sleep(PAUSE_MS);
    const limit = { clock, milliseconds: UNLOAD_TIMEOUT_MS };
    const outcome = await within(limit, (signal) =>
      unload(askProvider(provider, { requestUpstream, signal }), { model, pause }),
    ).finally(() => watch.unloaded(name, model));
    if (outcome.kind === 'ok') return { provider: name, model };
    const asked = { provider, model, timeoutMs: UNLOAD_TIMEOUT_MS, purpose: 'management' } as const;
    throw toOutcomeError(outcome, asked);
  };
}
