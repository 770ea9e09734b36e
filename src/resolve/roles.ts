import type { ResolvedModel } from './resolve-model.ts';

/** The jobs that an application gives to models. */
export const ROLES = ['default', 'task', 'compaction', 'arena'] as const;

/** One of them. */
export type Role = (typeof ROLES)[number];

/** What each role means by the settings; a role without a setting of its own has fallen back already. */
export interface Roles {
  readonly default: ResolvedModel | null;
  readonly task: ResolvedModel | null;
  readonly compaction: ResolvedModel | null;
  /** The models that are set beside each other, in the order of the settings. */
  readonly arena: readonly ResolvedModel[];
}

/** The variable that sets each role. */
export const ROLE_VARIABLES = {
  default: 'DEFAULT_MODEL',
  task: 'TASK_MODEL',
  compaction: 'COMPACTION_MODEL',
  arena: 'ARENA_MODELS',
} as const satisfies Record<Role, string>;

/** Whether a text is a role's name. */
export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** The model that a role means, or null where none is set; of the arena, its first. */
export function pickRole(role: Role, roles: Roles): ResolvedModel | null {
  return role === 'arena' ? (roles.arena[0] ?? null) : roles[role];
}
