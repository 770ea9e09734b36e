import type { Roles } from '../../fleet/answers.ts';

type Resolution = NonNullable<Roles['default']>;

/** A role and its model. */
export interface RoleEntry {
  /** The label of the role. */
  readonly label: string;
  /** The setting of the role. */
  readonly variable: string;
  /** The composite ID; null if the role is not set. */
  readonly id: string | null;
  /** Whether the role uses the default role's model because it has no setting of its own. */
  readonly inherited: boolean;
  readonly state: 'available' | 'offline' | 'drifted' | 'unset';
}

/** Returns the roles in the order of their settings; the arena has one entry for each of its models. */
export function readRoles({ default: main, task, compaction, arena }: Roles): RoleEntry[] {
  const inherits = (one: Resolution | null) => one !== null && one.id === main?.id;
  const arenaRole = { label: 'Arena', variable: 'ARENA_MODELS', inherited: false };
  return [
    toEntry(main, { label: 'Default', variable: 'DEFAULT_MODEL', inherited: false }),
    toEntry(task, { label: 'Task', variable: 'TASK_MODEL', inherited: inherits(task) }),
    toEntry(compaction, {
      label: 'Compaction',
      variable: 'COMPACTION_MODEL',
      inherited: inherits(compaction),
    }),
    ...(arena.length === 0
      ? [toEntry(null, arenaRole)]
      : arena.map((one) => toEntry(one, arenaRole))),
  ];
}

function toEntry(
  resolution: Resolution | null,
  role: Pick<RoleEntry, 'label' | 'variable' | 'inherited'>,
): RoleEntry {
  if (resolution === null) return { ...role, id: null, state: 'unset' };
  const { id, drift, available } = resolution;
  const state = drift === true ? 'drifted' : available === false ? 'offline' : 'available';
  return { ...role, id, state };
}

/** Returns the settings that name a model that its provider no longer lists although it is online, each once. */
export function findDrifted(roles: readonly RoleEntry[]): readonly (RoleEntry & { id: string })[] {
  return roles.flatMap((role) =>
    role.state === 'drifted' && role.id !== null && !role.inherited
      ? [{ ...role, id: role.id }]
      : [],
  );
}
