import { pageAttention } from '../../herd/attention.ts';
import { read, type Gateway } from '../../herd/gateway.ts';
import { pause } from '../pause.ts';
import { readRunning, type RunningModel } from '../../herd/running.ts';

/** How often a host is asked what it runs, in milliseconds; the first time so soon that a warm model has answered by then. */
const EVERY_MS = 1000;
const FIRST_MS = 350;

interface Watch {
  /** The provider, or null where it does not say what it runs: time is told all the same. */
  readonly provider: string | null;
  readonly signal: AbortSignal;
  /** Told about once a second while the page is seen; null where the host has not said. */
  readonly onRunning: (running: readonly RunningModel[] | null) => void;
}

/** Asks once a second what a host runs, while the page is seen, until `signal` aborts. It loads nothing. */
export async function watchRunning(
  gateway: Gateway,
  { provider, signal, onRunning }: Watch,
): Promise<void> {
  for (let waitMs = FIRST_MS; !signal.aborted; waitMs = EVERY_MS) {
    await pause(waitMs, signal);
    if (signal.aborted || !pageAttention.isPaid()) continue;
    const running = provider === null ? null : await askRunning(gateway, { provider, signal });
    if (!signal.aborted) onRunning(running);
  }
}

async function askRunning(
  gateway: Gateway,
  { provider, signal }: { readonly provider: string; readonly signal: AbortSignal },
): Promise<RunningModel[] | null> {
  const path = `/api/providers/${encodeURIComponent(provider)}/running`;
  // A host that is slow to say so does not hold up the clock for long.
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(2 * EVERY_MS)]);
  return read(gateway, { path, signal: deadline }).then(readRunning, () => null);
}
