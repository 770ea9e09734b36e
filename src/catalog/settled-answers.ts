import type { RunningModels } from '../registry/provider-models.ts';

/** A model that answered a client. */
export interface AnsweringModel {
  /** The name that the client's request used for it. */
  readonly model: string;
  /** Its name at `/running`. */
  readonly runsAs: string;
  readonly isListed: boolean;
  /** The start of the request, in milliseconds of the monotonic clock. */
  readonly beganAt: number;
}

/** The most names that are kept. Clients choose the names, so they need a limit. */
const MAX_NAMES = 256;

/** Creates the state that decides which answers of one provider cannot have changed its loaded models. */
export function createSettledAnswers({ now, ttlMs }: { now: () => number; ttlMs: number }) {
  let step = 0;
  let lastCheck = 0;
  let before: RunningModels | null = null;
  /** The time since which every check has found the same models, all of them ready. */
  let sameSince = Infinity;
  /** The time until which answers by each name are settled, in milliseconds of the monotonic clock. */
  const settled = new Map<string, number>();
  /** The answers that no check has covered yet, with the step of each. */
  const noted = new Map<string, AnsweringModel & { readonly at: number }>();

  /** Returns the time until which answers by a name change nothing; 0 if they may change what is loaded. */
  function toEnd({ runsAs, isListed, beganAt }: AnsweringModel, running: RunningModels): number {
    // The running models did not change since the request began, so it evicted none of them.
    const leftAll = beganAt >= sameSince;
    if (running.get(runsAs)?.state === 'ready') return leftAll || running.size === 1 ? Infinity : 0;
    // An unlisted name may be a peer's model, which this provider never loads. A listed one may have come and gone.
    return leftAll && !isListed && !running.has(runsAs) ? now() + ttlMs : 0;
  }

  return {
    /** Begins a check of the running models and returns its number. */
    beginCheck(): number {
      step += 1;
      lastCheck = step;
      return step;
    },
    /** Records the running models at the end of that check. */
    endCheck(check: number, running: RunningModels): void {
      if (before === null || !isEqual(before, running)) {
        settled.clear();
        sameSince = now();
      }
      for (const [model, answering] of noted) {
        if (answering.at > check) continue;
        noted.delete(model);
        const end = toEnd(answering, running);
        if (end > 0) settled.set(model, end);
      }
      before = running;
    },
    /** Records an answer that may have changed the running models; null if its model is unknown. */
    note(answering: AnsweringModel | null): void {
      step += 1;
      settled.clear();
      if (answering !== null && noted.size < MAX_NAMES) {
        noted.set(answering.model, { ...answering, at: step });
      }
    },
    /** Whether an answer by this name was noted and no check has begun since. */
    isNoted: (model: string) => (noted.get(model)?.at ?? 0) > lastCheck,
    /** Whether an answer to a request for this name changes no loaded models. */
    isSettled(model: string): boolean {
      const end = settled.get(model);
      return end !== undefined && (end === Infinity || now() < end);
    },
    /** Discards everything after a known change of the running models. */
    reset(): void {
      settled.clear();
      noted.clear();
      before = null;
      sameSince = Infinity;
    },
  };
}

function isEqual(one: RunningModels, other: RunningModels): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(
    ([model, { state }]) => state === 'ready' && other.get(model)?.state === 'ready',
  );
}
