import type { Fault } from '../registry/fault.ts';
import { pickText, type Environment } from './environment.ts';
import { SETTING_ENTRIES } from './table.ts';

/** Returns the environment with the defaults for Workers, and a fault for each setting that Workers refuse. */
export function toWorkerEnvironment(bindings: Environment): {
  readonly environment: Environment;
  readonly faults: readonly Fault[];
} {
  const environment: Record<string, unknown> = { ...bindings };
  const faults: Fault[] = [];
  for (const [name, { worker }] of SETTING_ENTRIES) {
    if (typeof worker !== 'object') continue;
    const isSet = pickText(bindings, name) !== null;
    if ('default' in worker && !isSet) environment[name] = worker.default;
    if ('refused' in worker && isSet) faults.push({ variable: name, message: worker.refused });
  }
  return { environment, faults };
}
