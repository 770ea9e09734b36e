import type { Dsn } from './dsn.ts';

/** One entry of `PROVIDERS` in either of its forms, split but not yet validated. */
export interface Entry {
  /** The number of the entry, from 1. */
  readonly position: number;
  readonly name: string;
  /** The DSN, or null if the entry has none. */
  readonly url: string | null;
  /** The fields that the entry gives outside the DSN. */
  readonly fields: Partial<Dsn>;
  /** The faults of its form. */
  readonly reasons: readonly string[];
}
