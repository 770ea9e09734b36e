import type { Target } from '../load/measure-load.ts';

/** A server that answers chat requests, in a process of its own. */
export interface GatewayTarget extends Target {
  /** Headers that it needs. */
  readonly headers: Readonly<Record<string, string>>;
  /** What precedes the upstream's name of a model. */
  readonly modelPrefix: string;
}
