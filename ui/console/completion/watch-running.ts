import { pageVisibility } from '../../fleet/visibility.ts';
import { read, type Gateway } from '../../fleet/gateway.ts';
import { pause } from '../pause.ts';
import { readRunning, type RunningModel } from '../../fleet/running.ts';

/**
 * How often to ask a provider for its running models, in milliseconds. The first request comes after FIRST_MS: a
 * loaded model has answered by then.
 */
const INTERVAL_MS = 1000;
const FIRST_MS = 350;

interface WatchOptions {
  /**
   * The provider, or null if it does not report its running models; `onRunning` is called then too, so that the time
   * advances.
   */
  readonly provider: string | null;
  readonly signal: AbortSignal;
  /**
   * Called about once a second while the page is visible; the argument is null if the provider has not reported its
   * models.
   */
  readonly onRunning: (running: readonly RunningModel[] | null) => void;
}

/**
 * Asks a provider for its running models once a second while the page is visible, until `signal` aborts. The request
 * loads no model.
 */
export async function watchRunning(
  gateway: Gateway,
  { provider, signal, onRunning }: WatchOptions,
): Promise<void> {
  for (let waitMs = FIRST_MS; !signal.aborted; waitMs = INTERVAL_MS) {
    await pause(waitMs, signal);
    if (signal.aborted || !pageVisibility.isVisible()) continue;
    const running = provider === null ? null : await fetchRunning(gateway, { provider, signal });
    if (!signal.aborted) onRunning(running);
  }
}

async function fetchRunning(
  gateway: Gateway,
  { provider, signal }: { readonly provider: string; readonly signal: AbortSignal },
): Promise<RunningModel[] | null> {
  const path = `/api/providers/${encodeURIComponent(provider)}/running`;
  // A slow provider must not stop the clock for long.
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(2 * INTERVAL_MS)]);
  return read(gateway, { path, signal: deadline }).then(readRunning, () => null);
}
