import type { ListRecord, ModelState, RunningModel } from '../registry/provider-models.ts';
import type { Steps } from '../steps.ts';

/** The facts that a provider reports in addition to its list. */
export interface ListContext {
  /** The models at `/running`, by their own names; null if unknown. */
  readonly running: ReadonlyMap<string, RunningModel> | null;
  /** The active profile's target for each pinned name; empty without an active profile. */
  readonly pins: ReadonlyMap<string, string>;
}

/** A model that may serve a request for a record. */
export interface Server {
  /** Its name at `/running`. */
  readonly name: string;
  /** Its record in the list, or null if it is not listed. */
  readonly record: ListRecord | null;
  readonly state: ModelState;
}

/** An index of a list, for following one record to another. */
export interface RecordIndex extends ListContext {
  readonly records: ReadonlyMap<string, ListRecord>;
  /** The IDs of models by their aliases. */
  readonly owners: ReadonlyMap<string, string>;
  /** The names of peers' models, without the peer's name. */
  readonly peers: ReadonlySet<string>;
  /** The IDs of running models, by the contents of their records except the ID. */
  readonly idsBySignature: ReadonlyMap<string, readonly string[]>;
}

interface Path {
  readonly index: RecordIndex;
  readonly hops: number;
  /** Whether a selector led to it: a selector cannot pick another selector. */
  readonly isSelected: boolean;
}

/** The most pointers to follow: a profile may pin a name to a selector that picks an alias of a model. */
const MAX_HOPS = 4;

const STEP = 100;

/** Creates the index of a list. */
export function* indexRecords(
  records: ReadonlyMap<string, ListRecord>,
  context: ListContext,
): Steps<RecordIndex> {
  const owners = new Map<string, string>();
  const peers = new Set<string>();
  const idsBySignature = new Map<string, readonly string[]>();
  let count = 0;
  for (const record of records.values()) {
    count += 1;
    if (count % STEP === 0) yield;
    const { id, peer, aliases } = record;
    for (const alias of aliases) if (!owners.has(alias)) owners.set(alias, id);
    if (peer !== null && id.startsWith(`${peer}/`)) peers.add(id.slice(peer.length + 1));
    if (context.running?.has(id) !== true) continue;
    const signature = toSignature(record);
    idsBySignature.set(signature, [...(idsBySignature.get(signature) ?? []), id]);
  }
  return { ...context, records, owners, peers, idsBySignature };
}

/** Returns the models that may serve a request for a record: several only of a selector, in their order. */
export function findServers(record: ListRecord, index: RecordIndex): readonly Server[] {
  return follow(record, { index, hops: 0, isSelected: false });
}

function follow(record: ListRecord, path: Path): readonly Server[] {
  const { id, type, modelId, targets, strategy } = record;
  const { running, pins, owners } = path.index;
  switch (type) {
    // `/running` lists only the provider's own models.
    case 'peer':
      return [{ name: id, record, state: 'unknown' }];
    case 'profile':
      return followName(pins.get(id) ?? '', path) ?? [{ name: id, record: null, state: 'unknown' }];
    case 'selector': {
      if (path.isSelected) return [{ name: id, record: null, state: 'unknown' }];
      // A target that neither runs nor is listed is stopped if the selector's status is `unloaded`.
      const state = record.status === 'unloaded' ? 'stopped' : 'unknown';
      // With the strategy `pin`, the other targets are only documentation.
      const considered = strategy === 'pin' ? targets.slice(0, 1) : targets;
      return considered.flatMap(
        (name) =>
          followName(name, { ...path, isSelected: true }) ?? [{ name, record: null, state }],
      );
    }
    default: {
      const loaded = running?.get(id);
      if (loaded !== undefined) return [{ name: id, record, state: loaded.state }];
      const owner = modelId ?? (type === 'model' ? undefined : owners.get(id));
      if (owner === undefined) return [guess(record, path.index)];
      return (
        followName(owner, path) ?? [{ name: owner, record, state: toStoppedState(record, running) }]
      );
    }
  }
}

/** Returns the models that may serve a name, or null if unknown. */
function followName(name: string, path: Path): readonly Server[] | null {
  const { running, records, owners, peers } = path.index;
  const record = records.get(name) ?? records.get(owners.get(name) ?? '') ?? null;
  const loaded = running?.get(name);
  if (loaded !== undefined) return [{ name, record, state: loaded.state }];
  // The provider's own models come before those of peers.
  if (record === null && peers.has(name)) return [{ name, record, state: 'unknown' }];
  if (record === null || path.hops >= MAX_HOPS) return null;
  return follow(record, { ...path, hops: path.hops + 1 });
}

/** Returns the state of a model that is not at `/running`; without `/running`, the state that its record shows. */
function toStoppedState({ status }: ListRecord, running: ListContext['running']): ModelState {
  // The status `loaded` includes starting and stopping.
  return running !== null || status === 'unloaded' ? 'stopped' : 'unknown';
}

/**
 * Guesses the model that serves a record which is not at `/running`. Before v241, lists do not distinguish aliases from
 * models: an alias has its model's record under another ID. From v236 on, its status is `loaded` while the model runs.
 */
function guess(record: ListRecord, { running, idsBySignature }: RecordIndex): Server {
  const { id, type, name, status } = record;
  const stopped: Server = { name: id, record, state: toStoppedState(record, running) };
  if (running === null || type !== null || running.size === 0 || status === 'unloaded')
    return stopped;
  // Records without a name look the same even if they are different models.
  const matches =
    name === null && status === null ? [] : (idsBySignature.get(toSignature(record)) ?? []);
  const [match] = matches;
  const loaded = match === undefined ? undefined : running.get(match);
  if (match !== undefined && loaded !== undefined && matches.length === 1) {
    return { name: match, record, state: loaded.state };
  }
  return status === 'loaded' || match !== undefined ? { ...stopped, state: 'unknown' } : stopped;
}

function toSignature({ name, description, context, capabilities, modalities }: ListRecord): string {
  return JSON.stringify([name, description, context, capabilities, modalities]);
}
