import type { Provider } from '../registry/provider.ts';
import type { Fetch } from '../fetch.ts';
import { toCredentials } from '../upstream/credentials.ts';
import { getJson, type JsonAnswer } from '../upstream/get-json.ts';
import type { Clock } from '../clock.ts';

/** No answer is read beyond this: they are short, and read at once. */
const MAX_BYTES = 1024 * 1024;

/** How often it is looked whether a request is still wanted, in milliseconds. */
const LOOK_EVERY_MS = 5;

/** Asks a provider for a path, within its own timeout. */
export function askProvider(
  provider: Provider,
  { fetch, path, signal }: { fetch: Fetch; path: string; signal?: AbortSignal },
): Promise<JsonAnswer> {
  return getJson({
    fetch,
    url: provider.baseUrl + path,
    headers: toCredentials(provider),
    signal: signal ?? AbortSignal.timeout(provider.timeoutMs),
    maxBytes: MAX_BYTES,
  });
}

/**
 * Asks a provider for a path for as long as that is wanted, and takes the request back then: null. Whether it is wanted is
 * a value, and looked at: on workerd no other request could abort this one.
 */
export async function askWhile(
  provider: Provider,
  options: {
    fetch: Fetch;
    clock: Clock;
    path: string;
    isWanted: () => boolean;
    /** How long the answer may take, in milliseconds. */
    patienceMs: number;
  },
): Promise<JsonAnswer | null> {
  const { fetch, clock, path, isWanted, patienceMs } = options;
  if (!isWanted()) return null;
  const leaving = new AbortController();
  const asking = askProvider(provider, { fetch, path, signal: leaving.signal });
  const deadline = clock.monotonic() + patienceMs;
  while (isWanted() && clock.monotonic() < deadline) {
    const answer = await Promise.race([asking, clock.sleep(LOOK_EVERY_MS)]);
    if (answer !== undefined) return answer;
  }
  const isTooLate = isWanted();
  leaving.abort();
  const answer = await asking;
  return isTooLate ? answer : null;
}
