import { IS_QUICK } from '../shared/run-benchmark.ts';

/** How often and how long each load is measured. */
export const PACE = IS_QUICK
  ? { rounds: 1, warmUpMs: 100, ms: 250 }
  : { rounds: 5, warmUpMs: 500, ms: 2000 };
