import type { Child } from '../child.ts';
import { readTree } from './process-tree.ts';

/** Something that answers chat requests, in a process of its own. */
export interface Target {
  readonly name: TargetName;
  readonly port: number;
  /** Headers that it asks for. */
  readonly headers: Readonly<Record<string, string>>;
  /** What stands before the upstream's name of a model. */
  readonly modelPrefix: string;
  /** Its process, and what that has started. */
  readonly pids: readonly number[];
  end(): Promise<void>;
}

/** What the targets are called in the report. */
export type TargetName =
  | 'upstream alone'
  | 'bare node:http proxy'
  | 'Portkey'
  | 'unwatched on Node'
  | 'unwatched on Bun'
  | 'Paddock on Node'
  | 'Paddock on Bun'
  | 'Paddock in workerd';

/** Makes a target of a process that listens. */
export function toTarget(
  child: Child,
  options: Pick<Target, 'name' | 'port'> & Partial<Pick<Target, 'headers' | 'modelPrefix'>>,
): Target {
  const { name, port, headers = {}, modelPrefix = '' } = options;
  return {
    name,
    port,
    headers: { authorization: 'Bearer x', ...headers },
    modelPrefix,
    pids: readTree(child.pid),
    end: () => child.end(),
  };
}
