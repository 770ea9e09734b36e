import type { GenericSchema } from 'valibot';
import type { Outcome } from './outcome.ts';

/** The expected body of an upstream's answer. */
export interface Body<T> {
  /** A description of the body, for logs. */
  readonly expected: string;
  readonly schema: GenericSchema<unknown, T>;
  /** The array to read from a large body, and how many of its entries are read; absent for a short body. */
  readonly list?: { readonly name: string; readonly maxEntries: number };
}

/** A request that Paddock itself makes to a provider. */
export interface OwnRequest<T> {
  /** GET by default. */
  readonly method?: 'GET' | 'POST';
  /** The provider's base URL by default. */
  readonly base?: string;
  readonly path: string;
  readonly json?: unknown;
  /** Its abort results in the outcome `timeout`. By default the provider's own timeout applies. */
  readonly signal?: AbortSignal;
  /** The expected body. Without it, the body of a 2xx is not read, and the value is null. */
  readonly body?: Body<T>;
  /** Whether to read the bodies of statuses other than 2xx. */
  readonly readsErrors?: boolean;
}

/** Sends a request to one provider and reads its answer. It never throws. */
export type Ask = <T = null>(request: OwnRequest<T>) => Promise<Outcome<T>>;
