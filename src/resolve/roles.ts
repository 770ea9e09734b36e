import type { ResolvedModel } from './resolve-model.ts';

/** The variable that sets each role. The roles are the jobs that an application assigns to models. */
export const ROLE_VARIABLES = {
  default: 'DEFAULT_MODEL',
  task: 'TASK_MODEL',
  compaction: 'COMPACTION_MODEL',
  arena: 'ARENA_MODELS',
} as const;

/** One of the roles. */
export type Role = keyof typeof ROLE_VARIABLES;

/** The roles. */
export const ROLES = Object.keys(ROLE_VARIABLES) as readonly Role[];

/** The models of each role. Fallbacks are already applied to roles without a setting of their own. */
export interface Roles {
  readonly default: ResolvedModel | null;
  readonly task: ResolvedModel | null;
  readonly compaction: ResolvedModel | null;
  /** The models that are compared with each other, in the order of the settings. */
  readonly arena: readonly ResolvedModel[];
}

/** Whether a text is a role's name. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** Returns the model of a role, or null if none is set; for the arena, its first model. */
export function pickRole(role: Role, roles: Roles): ResolvedModel | null {
  return role === 'arena' ? (roles.arena[0] ?? null) : roles[role];
}
