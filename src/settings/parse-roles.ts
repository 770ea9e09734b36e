import { resolveModel, type ResolvedModel } from '../resolve/resolve-model.ts';
import { ROLE_VARIABLES, type Role, type Roles } from '../resolve/roles.ts';
import type { Fault } from '../registry/fault.ts';
import type { Registry } from '../registry/registry.ts';
import type { Values } from './read-values.ts';

/** Resolves the models of each role, and adds to the faults. Task and compaction fall back to the default. */
export function parseRoles(
  values: Values,
  { registry, faults }: { registry: Registry; faults: Fault[] },
): Roles {
  const resolve = (text: string, place: { variable: string; entry?: string }): ResolvedModel[] => {
    // Without providers, the roles are not the fault: every answer already reports the missing providers.
    if (registry.providers.size === 0) return [];
    const resolution = resolveModel(text, registry);
    if (resolution.ok) {
      const { id, provider, model, via } = resolution;
      return [Object.freeze({ id, provider, model, via })];
    }
    faults.push({ ...place, message: resolution.message });
    return [];
  };
  const resolveOne = (role: Exclude<Role, 'arena'>) => {
    const variable = ROLE_VARIABLES[role];
    const text = values[variable];
    return text === null ? null : (resolve(text, { variable })[0] ?? null);
  };
  const fallback = resolveOne('default');
  return Object.freeze({
    default: fallback,
    task: resolveOne('task') ?? fallback,
    compaction: resolveOne('compaction') ?? fallback,
    arena: Object.freeze(
      values.ARENA_MODELS.flatMap((text, index) =>
        resolve(text, { variable: ROLE_VARIABLES.arena, entry: `entry ${index + 1}` }),
      ),
    ),
  });
}
