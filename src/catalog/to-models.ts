import type { ListRecord, ModelState } from '../registry/provider-models.ts';
import type { Steps } from '../steps.ts';
import {
  findServers,
  indexRecords,
  type ListContext,
  type RecordIndex,
  type Server,
} from './follow-pointers.ts';
import type { ListedModel } from './model.ts';
import { pickCapabilities } from './read-modalities.ts';
import { sortInSteps } from './sort-in-steps.ts';

// Compares digits as numbers, so that qwen3-8b precedes qwen3-27b. The locale is fixed, so that all runtimes agree.
const byId = new Intl.Collator('en', { numeric: true });

const STEP = 50;

/** Converts records to models and sorts them. */
export function* toModels(
  records: ReadonlyMap<string, ListRecord>,
  context: ListContext,
): Steps<readonly ListedModel[]> {
  const index = yield* indexRecords(records, context);
  const models: ListedModel[] = [];
  for (const record of records.values()) {
    if (models.length % STEP === STEP - 1) yield;
    models.push(toListedModel(record, index));
  }
  return yield* sortInSteps(
    models,
    (a, b) => byId.compare(a.model, b.model) || (a.model < b.model ? -1 : 1),
  );
}

/** The states in a selector's order of preference: a ready target, then a starting one; a stopped one last. */
const PREFERRED: readonly ModelState[] = ['ready', 'starting', 'unknown', 'stopping', 'stopped'];

/** The properties of a model that hold for every server that may serve it. */
type Described = Pick<ListRecord, 'context' | 'capabilities' | 'modalities'>;

/** Converts a record to a listed model, with the state of the model that serves it. */
function toListedModel(record: ListRecord, index: RecordIndex): ListedModel {
  const { id, type, peer, name, description, aliases } = record;
  const servers = findServers(record, index);
  const rank = ({ state }: Server) => PREFERRED.indexOf(state);
  const [server] = servers.toSorted((a, b) => rank(a) - rank(b));
  const { context, capabilities, modalities } = describe(record, servers);
  return {
    model: id,
    kind: type ?? (index.owners.has(id) ? 'alias' : 'model'),
    peer,
    name: name ?? id,
    description,
    state: server?.state ?? 'unknown',
    declaredContext: context,
    ...(record.maxContext !== undefined && { maxContext: record.maxContext }),
    runsAs: server?.name ?? id,
    servers: servers.map(({ name: runningName }) => runningName),
    aliases,
    capabilities: pickCapabilities(capabilities, modalities),
    modalities,
    details: record.details,
  };
}

/** Returns a record's own description; for a selector or profile, what all models that may serve it have in common. */
function describe(record: ListRecord, servers: readonly Server[]): Described {
  const isPointer = record.type === 'selector' || record.type === 'profile';
  const [first, ...others] = servers.map((server) => server.record);
  if (!isPointer || !first || others.includes(null)) return record;
  return others.reduce<Described>(
    (common, other) => (other === null ? common : share(common, other)),
    first,
  );
}

function share(one: Described, other: Described): Described {
  const both = (a: readonly string[], b: readonly string[]) => a.filter((name) => b.includes(name));
  return {
    context:
      one.context === null || other.context === null ? null : Math.min(one.context, other.context),
    capabilities: both(one.capabilities, other.capabilities),
    modalities: {
      input: both(one.modalities.input, other.modalities.input),
      output: both(one.modalities.output, other.modalities.output),
    },
  };
}
