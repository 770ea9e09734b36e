import type { Registry } from '../registry/registry.ts';
import { requireModel, type ResolvedModel } from '../resolve/resolve-model.ts';
import { ROLE_VARIABLES, type Roles } from '../resolve/roles.ts';
import { isDrifted } from './describe-model.ts';
import { explainBareId, toQuestion } from './explain-bare-id.ts';
import { hasSlash, suggestId, type KnownLists } from './suggest-id.ts';
import type { Snapshot } from './snapshot.ts';

/** A setting that names a model which its online provider does not list. */
export interface Drift {
  readonly variable: string;
  readonly id: string;
  /** A message that says what is wrong and how to correct it. */
  readonly message: string;
}

/** The settings that name models. */
interface NamingSettings {
  readonly registry: Registry;
  readonly roles: Roles;
}

/** Finds the settings of roles that are out of date, each once. */
export function findDrifts(
  { roles, registry }: NamingSettings,
  snapshot: Snapshot | null,
): readonly Drift[] {
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
    const note = explainBareId(resolved, { registry, snapshot });
    const message = note ?? toMessage(resolved, { registry, snapshot });
    return [
      { variable, id: resolved.id, message: `${variable}${note === null ? ' ' : ': '}${message}` },
    ];
  });
}

/** Finds the aliases of the settings whose models are not listed. */
export function findAliasDrifts(known: KnownLists): readonly Drift[] {
  const { registry, snapshot } = known;
  return [...registry.aliases.keys()].flatMap((alias) => {
    const resolved = requireModel(alias, registry);
    if (!isDrifted(resolved, snapshot)) return [];
    const variable = 'MODEL_ALIASES';
    const message = `${variable}: ${alias} ${toMessage(resolved, known)}`;
    return [{ variable, id: resolved.id, message }];
  });
}

/** Creates a watch that reports each drift once, and again only if the model was listed in between. */
export function createDriftWatch(
  settings: NamingSettings,
  report: (message: string) => void,
): (snapshot: Snapshot) => void {
  let reported: ReadonlySet<string> = new Set();
  return (snapshot) => {
    const messages = new Set(findDrifts(settings, snapshot).map(({ message }) => message));
    for (const message of messages) if (!reported.has(message)) report(message);
    reported = messages;
  };
}

function toMessage({ id, provider, model }: ResolvedModel, known: KnownLists): string {
  const question = hasSlash(model) ? toQuestion(suggestId(model, known)) : null;
  const advice = question === null ? '' : ` ${question}`;
  return `is "${id}", but ${provider} does not list "${model}": set it to a model of /api/models.${advice}`;
}
