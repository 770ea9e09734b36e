import type { Fault } from './exchange.ts';
import type { Kind } from './draw-request.ts';
import type { Judgement } from './judge-answer.ts';

/** How many answers of a kind there were of each judgement. */
export type Counts = Record<Judgement['is'], number>;

/** The number of failures that are described at most. */
const MAX_FAILURES = 20;

/** Counts what was asked and what came of it. */
export class Tally {
  readonly kinds = new Map<Kind, Counts>();
  readonly faults = new Map<Fault | 'host killed' | 'host stopped', number>();
  /** The first answers that were lost or wrong, in words. */
  readonly failures: string[] = [];

  /** Counts an answer; `about` is appended to the description of a failure. */
  add(kind: Kind, { about = '', ...judged }: Judgement & { about?: string }): void {
    const counts = this.kinds.get(kind) ?? { right: 0, explained: 0, lost: 0, wrong: 0 };
    counts[judged.is] += 1;
    this.kinds.set(kind, counts);
    if ('why' in judged && this.failures.length < MAX_FAILURES) {
      this.failures.push(`${judged.is}: ${kind}: ${judged.why}${about}`);
    }
  }

  addFault(fault: Fault | 'host killed' | 'host stopped'): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  /** All kinds together. */
  total(): Counts {
    const total = { right: 0, explained: 0, lost: 0, wrong: 0 };
    for (const counts of this.kinds.values()) {
      for (const is of Object.keys(total) as Judgement['is'][]) total[is] += counts[is];
    }
    return total;
  }
}
