import type { Software } from '../provider-kind.ts';
import type { Ask } from '../own-request.ts';
import { RUNNING, VERSION } from './llama-swap-bodies.ts';
import { MODEL_LIST } from './openai-list.ts';

/** Finds whether a provider runs llama-swap, and its release. */
export async function findLlamaSwap(ask: Ask): Promise<Software | null> {
  const version = await ask({ path: '/api/version', body: VERSION });
  if (version.kind === 'ok') {
    const { version: release, commit, build_date: built } = version.value;
    // Ollama has the same route, but its answer has neither `commit` nor `build_date`.
    if (commit !== undefined || built !== undefined) return { isOfKind: true, release };
  }
  const [running, list] = await Promise.all([
    ask({ path: '/running', body: RUNNING }),
    ask({ path: '/v1/models', body: MODEL_LIST }),
  ]);
  const records = list.kind === 'ok' ? list.value.data : [];
  const isOwner = records.some((record) => Object(record)['owned_by'] === 'llama-swap');
  if (running.kind === 'ok' || isOwner) return { isOfKind: true, release: null };
  return records.length > 0 ? { isOfKind: false } : null;
}

/** The features that older releases of llama-swap lack, by the first release that has them. */
const LACKING: readonly { readonly since: number; readonly lack: string }[] = [
  { since: 175, lack: 'does not serve /v1/messages' },
  { since: 182, lack: 'does not serve /v1/responses' },
  { since: 186, lack: 'does not serve /v1/messages/count_tokens' },
  { since: 225, lack: 'does not report the capabilities of its models' },
  { since: 234, lack: 'does not serve /props' },
];

/** The first release that reports its number. */
const FIRST_WITH_VERSION = 173;

/**
 * Returns a message about the features that a provider's release of llama-swap lacks and what to do, or null if it lacks
 * none. A release whose number cannot be parsed counts as new.
 */
export function findLacks(name: string, release: string | null): string | null {
  const number = toNumber(release);
  const lacking = LACKING.filter(({ since }) => number < since);
  const newest = lacking.at(-1);
  if (newest === undefined) return null;
  const software =
    release === null ? `a llama-swap older than v${FIRST_WITH_VERSION}` : `llama-swap v${number}`;
  const list = toList(lacking.map(({ since, lack }) => `${lack} (since v${since})`));
  return `${name} runs ${software}, which ${list}: update it to v${newest.since} or later.`;
}

function toNumber(release: string | null): number {
  if (release === null) return 0;
  const number = Number(/^v?(\d{1,6})\b/u.exec(release)?.[1] ?? Number.NaN);
  // A build without a release number reports 0.
  return Number.isNaN(number) || number === 0 ? Number.POSITIVE_INFINITY : number;
}

/** Formats a list: `a`, `a and b`, `a, b and c`. */
function toList(parts: readonly string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
}
