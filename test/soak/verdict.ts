import { isKept, type Write } from './favorites-memory.ts';
import type { Kind } from './draw-request.ts';
import type { Counts } from './tally.ts';
import type { Sample } from './watch.ts';

/** All that a soak has found. */
export interface Findings {
  readonly kinds: ReadonlyMap<Kind, Counts>;
  /** Of which there must have been right answers. */
  readonly wanted: readonly Kind[];
  /** At rest, after warming up and after it all. */
  readonly before: Sample;
  readonly after: Sample;
  /** How many requests hosts were still at work on when all clients had gone. */
  readonly open: number;
  /** Lines that Paddock must not print. */
  readonly badLines: readonly string[];
  /** Whether Paddock ended before it was killed. */
  readonly hasEnded: boolean;
  readonly favorites: {
    /** What was remembered. */
    readonly list: readonly string[];
    readonly pending: Write | null;
    /** What there was after a restart, or null where Paddock did not say. */
    readonly found: readonly string[] | null;
  };
}

/** How much more than before there may be at rest: what a garbage collector keeps, and connections not yet closed. */
const MORE_BYTES = 64 * 1024 * 1024;
const MORE_FILES = 8;

/** Says what failed; nothing where all was sound. */
export function findFaults(findings: Findings): string[] {
  const { kinds, wanted, before, after, open, badLines, hasEnded, favorites } = findings;
  const faults: string[] = [];
  if (hasEnded) faults.push('Paddock ended by itself');
  for (const [kind, { lost, wrong }] of kinds) {
    if (lost > 0) faults.push(`${kind}: ${lost} lost`);
    if (wrong > 0) faults.push(`${kind}: ${wrong} wrong`);
  }
  for (const kind of wanted) {
    if ((kinds.get(kind)?.right ?? 0) === 0) faults.push(`${kind}: not one right answer`);
  }
  faults.push(...findLeft(before, after));
  if (open > 0) faults.push(`${open} requests of clients that have gone still at hosts`);
  for (const line of new Set(badLines)) faults.push(`it printed: ${line.slice(0, 200)}`);
  const { found } = favorites;
  if (found === null || !isKept(found, favorites)) {
    faults.push(`favorites: ${favorites.list.join()} were kept as ${String(found)}`);
  }
  return faults;
}

/** Says what did not come back to about where it was. */
export function findLeft(before: Sample, after: Sample): string[] {
  const isMore = (key: 'residentBytes' | 'files' | 'sockets', most: number) =>
    (after[key] ?? 0) > (before[key] ?? Infinity) + most;
  const left: string[] = [];
  if (isMore('residentBytes', MORE_BYTES)) left.push('memory did not come back');
  if (isMore('files', MORE_FILES)) left.push(`open files: ${after.files} of ${before.files}`);
  if (isMore('sockets', MORE_FILES)) left.push(`sockets: ${after.sockets} of ${before.sockets}`);
  return left;
}
