import type { Provider } from '../registry/provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import type { RequestUpstream } from '../upstream/request-upstream.ts';
import type { Clock } from '../clock.ts';
import { findServed } from './find-listed.ts';
import type { LoadMemory } from './load-memory.ts';
import { createServerAsker, type AskResult, type ServerAsker } from './server-asker.ts';
import type { SnapshotSource } from './snapshot-source.ts';

/** A model's answer to a client, from its first byte on. */
export interface ClientAnswer {
  readonly provider: Provider;
  /** The model's name in the request. */
  readonly model: string;
  /** The start of the request, in milliseconds of the monotonic clock. */
  readonly beganAt: number;
  /** The number of the last request that Paddock had sent when the answer began. */
  readonly number: number;
  hasEnded(): boolean;
  /** Resolves when the answer ends; false if the platform does not report the end. */
  readonly ended: Promise<boolean>;
}

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
export function createWindowLearner(options: {
  requestUpstream: RequestUpstream;
  clock: Clock;
  ttlMs: number;
  loads: LoadMemory;
  snapshots: SnapshotSource;
}) {
  const { clock, ttlMs, loads, snapshots } = options;
  const ask: ServerAsker = createServerAsker(options);
  const turns = new Map<string, ProviderTurns>();

  function toTurns({ name }: Provider): ProviderTurns {
    const known = turns.get(name);
    if (known !== undefined) return known;
    const made = { until: new Map(), waits: false };
    turns.set(name, made);
    return made;
  }

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

  function takeTurn({ until }: ProviderTurns, { model, provider }: ClientAnswer): void {
    if (until.size >= MAX_NAMES) until.clear();
    until.set(model, clock.monotonic() + MAX_REQUESTS * provider.timeoutMs);
  }

  function endTurn(
    { until }: ProviderTurns,
    { model, asked }: { model: string; asked: AskResult },
  ) {
    if (asked === 'blocked') until.set(model, clock.monotonic() + ttlMs);
    else until.delete(model);
  }

  /** Learns the window of the model that answers a client, if asking is safe. Never rejects. */
  async function learn(answer: ClientAnswer): Promise<void> {
    const own = toTurns(answer.provider);
    // Let the client's answer go out first.
    await clock.sleep(0);
    if (own.waits && !(await answer.ended)) return;
    if (!isWanted(answer.provider, answer.model)) return;
    takeTurn(own, answer);
    const asked = await ask(answer);
    endTurn(own, { model: answer.model, asked });
    if (asked === 'wait-always') own.waits = true;
    const isWaiting = asked === 'wait' || asked === 'wait-always';
    if (isWaiting && !answer.hasEnded() && (await answer.ended)) await learn(answer);
  }

  return { isWanted, learn };
}
