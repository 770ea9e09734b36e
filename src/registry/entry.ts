import type { Dsn } from './dsn.ts';

/** One entry of `PROVIDERS` in either of its forms, divided and not yet judged. */
export interface Entry {
  /** Which entry it is, from 1. */
  readonly position: number;
  readonly name: string;
  /** The DSN, or null where the entry has none. */
  readonly url: string | null;
  /** What stands beside the DSN. */
  readonly fields: Partial<Dsn>;
  /** What is wrong with its form. */
  readonly reasons: readonly string[];
}
