import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import { findServed } from './find-listed.ts';
import { createServerAsker, type AskerOptions, type ClientAnswer } from './server-asker.ts';

/** Learns context windows and modalities from models' own servers while or right after they answer a client. */
export type WindowLearner = ReturnType<typeof createWindowLearner>;

interface ProviderTurns {
  /** The time until which no other answer asks about a model, in milliseconds of the monotonic clock. */
  readonly until: Map<string, number>;
  /** Whether to ask only after the client's answer has ended. */
  waits: boolean;
}

/** The most names that are kept. Clients choose the names, so they need a limit. */
const MAX_NAMES = 256;

/** The most requests that asking takes, each with the provider's own timeout. */
const MAX_REQUESTS = 4;

/** Creates the learner. */
export function createWindowLearner(options: AskerOptions & { readonly ttlMs: number }) {
  const { clock, ttlMs, loads, snapshots } = options;
  const ask = createServerAsker(options);
  const turns = new Map<string, ProviderTurns>();

  /** Whether there may be something to learn about a model now. */
  function isWanted(provider: Provider, model: string): boolean {
    const { name, kind, contextWindow } = provider;
    const { wasAsked } = loads(name);
    if (contextWindow !== null || wasAsked(model)) return false;
    if (kind.servers === null || kind.running === null) return false;
    // Another answer is asking now, or asking failed a moment ago.
    if (clock.monotonic() < (turns.get(name)?.until.get(model) ?? 0)) return false;
    const listed = findServed(joinId(name, model), snapshots.last());
    return listed === null || (listed.declaredContext === null && !wasAsked(listed.runsAs));
  }

  /** Learns the window of the model that answers a client, if asking is safe. Never rejects. */
  async function learn(answer: ClientAnswer): Promise<void> {
    const { provider, model } = answer;
    const own = turns.get(provider.name) ?? { until: new Map<string, number>(), waits: false };
    turns.set(provider.name, own);
    const { until } = own;
    // Let the client's answer go out first.
    await clock.sleep(0);
    if (own.waits && !(await answer.ended)) return;
    if (!isWanted(provider, model)) return;
    if (until.size >= MAX_NAMES) until.clear();
    until.set(model, clock.monotonic() + MAX_REQUESTS * provider.timeoutMs);
    const asked = await ask(answer);
    if (asked === 'blocked') until.set(model, clock.monotonic() + ttlMs);
    else until.delete(model);
    if (asked === 'wait-always') own.waits = true;
    const isWaiting = asked === 'wait' || asked === 'wait-always';
    if (isWaiting && !answer.hasEnded() && (await answer.ended)) await learn(answer);
  }

  return { isWanted, learn };
}
