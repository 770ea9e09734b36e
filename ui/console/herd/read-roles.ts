import type { Roles } from '../../herd/answers.ts';

type Resolution = NonNullable<Roles['default']>;

/** A job and the model that has it. */
export interface RoleEntry {
  /** What the job is. */
  readonly job: string;
  /** The setting that gives it. */
  readonly variable: string;
  /** The composite ID; null where nothing is set. */
  readonly id: string | null;
  /** Whether the setting is the default role's, for want of one of its own. */
  readonly inherited: boolean;
  readonly state: 'available' | 'away' | 'drifted' | 'unset';
}

/** The jobs that applications give to models, in the order of the settings; the arena has an entry for each of its models. */
export function readRoles({ default: main, task, compaction, arena }: Roles): RoleEntry[] {
  const inherits = (one: Resolution | null) => one !== null && one.id === main?.id;
  const arenaRole = { job: 'Arena', variable: 'ARENA_MODELS', inherited: false };
  return [
    toEntry(main, { job: 'Default', variable: 'DEFAULT_MODEL', inherited: false }),
    toEntry(task, { job: 'Small jobs', variable: 'TASK_MODEL', inherited: inherits(task) }),
    toEntry(compaction, {
      job: 'Shortening',
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
  role: Pick<RoleEntry, 'job' | 'variable' | 'inherited'>,
): RoleEntry {
  if (resolution === null) return { ...role, id: null, state: 'unset' };
  const { id, drift, available } = resolution;
  const state = drift === true ? 'drifted' : available === false ? 'away' : 'available';
  return { ...role, id, state };
}

/** The settings that name a model which its host, though online, lists no more: each once. */
export function findDrifted(roles: readonly RoleEntry[]): readonly (RoleEntry & { id: string })[] {
  return roles.flatMap((role) =>
    role.state === 'drifted' && role.id !== null && !role.inherited
      ? [{ ...role, id: role.id }]
      : [],
  );
}
