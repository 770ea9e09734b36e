import type { RunningModel } from './read-running.ts';

type Running = ReadonlyMap<string, RunningModel>;

/** A model that has answered a client. */
interface AnsweringModel {
  /** The name that the client's request had for it. */
  readonly model: string;
  /** Its name at `/running`. */
  readonly runsAs: string;
  /** Whether the provider lists it. */
  readonly isListed: boolean;
  /** When the request began, in milliseconds of the monotonic clock. */
  readonly beganAt: number;
}

/**
 * Tells which answers of one provider cannot have changed what it has loaded. A request for a model that is ready may still
 * evict others, but not those that were there when the model last answered.
 */
export interface SettledAnswers {
  /** Begins a look at what runs, and returns its number. */
  begin(): number;
  /** Takes in what runs at the end of that look. */
  see(look: number, running: Running): void;
  /** Notes an answer that may have changed what runs; null where its model is not known. */
  note(answering: AnsweringModel | null): void;
  /** Whether such an answer was noted, and no look has begun since. */
  isNoted(model: string): boolean;
  /** Whether an answer to a request for that name changes nothing. */
  isSettled(model: string): boolean;
  /** Starts anew: what runs has been changed. */
  reset(): void;
}

/** How many names are kept at most: clients choose them. */
const MOST_NAMES = 256;

/** Makes it for one provider, of which nothing is known yet. */
export function createSettledAnswers({
  now,
  ttlMs,
}: {
  now: () => number;
  ttlMs: number;
}): SettledAnswers {
  let step = 0;
  let lastLook = 0;
  let before: Running | null = null;
  /** Since when the same models have been seen to run. */
  let sameSince = Infinity;
  /** Until when answers by each name are settled, in milliseconds of the monotonic clock. */
  const settled = new Map<string, number>();
  /** The answers that no look has taken in, and the step of each. */
  const noted = new Map<string, AnsweringModel & { readonly at: number }>();

  /** How long answers by a name change nothing, by what runs now and ran before; 0 where they may. */
  function toEnd({ runsAs, isListed, beganAt }: AnsweringModel, running: Running): number {
    // Whatever the request could evict, it found and left.
    const leftAll = beganAt >= sameSince;
    if (running.get(runsAs)?.state === 'ready') return leftAll || running.size === 1 ? Infinity : 0;
    // Such names may be models of a peer, which nothing here loads. A model that is listed may have come and gone.
    return leftAll && !isListed && !running.has(runsAs) ? now() + ttlMs : 0;
  }

  return {
    begin() {
      step += 1;
      lastLook = step;
      return step;
    },
    see(look, running) {
      if (before === null || !isEqual(before, running)) {
        settled.clear();
        sameSince = now();
      }
      for (const [model, answering] of noted) {
        if (answering.at > look) continue;
        noted.delete(model);
        const end = toEnd(answering, running);
        if (end > 0) settled.set(model, end);
      }
      before = running;
    },
    note(answering) {
      step += 1;
      settled.clear();
      if (answering !== null && noted.size < MOST_NAMES) {
        noted.set(answering.model, { ...answering, at: step });
      }
    },
    isNoted: (model) => (noted.get(model)?.at ?? 0) > lastLook,
    isSettled(model) {
      const end = settled.get(model);
      return end !== undefined && (end === Infinity || now() < end);
    },
    reset() {
      settled.clear();
      noted.clear();
      before = null;
      sameSince = Infinity;
    },
  };
}

function isEqual(one: Running, other: Running): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(
    ([model, { state }]) => state === 'ready' && other.get(model)?.state === 'ready',
  );
}
