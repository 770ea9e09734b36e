import type { ResolvedModel } from '../resolve/resolve-model.ts';
import { ROLE_VARIABLES, type Roles } from '../resolve/roles.ts';
import { isDrifted } from './describe-model.ts';
import type { Snapshot } from './snapshot.ts';

/** A setting that names a model which its online provider does not list. */
export interface Drift {
  readonly variable: string;
  readonly id: string;
  /** A message that says what is wrong and how to correct it. */
  readonly message: string;
}

/** Finds the settings of roles that are out of date, each once. */
export function findDrifts(roles: Roles, snapshot: Snapshot | null): readonly Drift[] {
  const { default: fallback, task, compaction } = roles;
  const set: [variable: string, resolved: ResolvedModel | null][] = [
    [ROLE_VARIABLES.default, fallback],
    // A role that uses the default has no setting of its own.
    [ROLE_VARIABLES.task, task === fallback ? null : task],
    [ROLE_VARIABLES.compaction, compaction === fallback ? null : compaction],
    ...roles.arena.map((one): [string, ResolvedModel] => [ROLE_VARIABLES.arena, one]),
  ];
  return set.flatMap(([variable, resolved]) => {
    if (resolved === null || !isDrifted(resolved, snapshot)) return [];
    const { id, provider, model } = resolved;
    const message = `${variable} is "${id}", but ${provider} does not list "${model}": set it to a model of /api/models.`;
    return [{ variable, id, message }];
  });
}

/** Creates a watch that reports each drift once, and again only if the model was listed in between. */
export function createDriftWatch(
  roles: Roles,
  report: (message: string) => void,
): (snapshot: Snapshot) => void {
  let reported: ReadonlySet<string> = new Set();
  return (snapshot) => {
    const messages = new Set(findDrifts(roles, snapshot).map(({ message }) => message));
    for (const message of messages) if (!reported.has(message)) report(message);
    reported = messages;
  };
}
