import type { ModelState } from './model.ts';
import type { ListRecord } from './read-records.ts';
import type { RunningModel } from './read-running.ts';
import type { Steps } from './steps.ts';

/** What a provider says beside its list. */
export interface BesideList {
  /** What `/running` says, by the model's own name, or null where that is not known. */
  readonly running: ReadonlyMap<string, RunningModel> | null;
  /** What the active profile makes of names; empty without one. */
  readonly pins: ReadonlyMap<string, string>;
}

/** A model that may serve a request for a record. */
export interface Server {
  /** Its name at `/running`. */
  readonly name: string;
  /** How it is listed, or null where it is not. */
  readonly record: ListRecord | null;
  readonly state: ModelState;
}

/** A list as records look each other up in it. */
export interface RecordIndex extends BesideList {
  readonly records: ReadonlyMap<string, ListRecord>;
  /** The models by their other names. */
  readonly owners: ReadonlyMap<string, string>;
  /** The peers' models by their names without the peer's. */
  readonly peers: ReadonlySet<string>;
  /** Models that run, by all that their records say but the ID. */
  readonly lookalikes: ReadonlyMap<string, readonly string[]>;
}

/** How a record was reached. */
interface Way {
  readonly index: RecordIndex;
  readonly hops: number;
  /** Whether a selector led to it: those cannot lead to one another. */
  readonly isChosen: boolean;
}

/** A profile may pin a name to a selector that picks an alias, and this stands for a model. */
const MOST_HOPS = 4;

/** How many records are looked at in one step. */
const STEP = 100;

/** Makes the index of a list. */
export function* indexRecords(
  records: ReadonlyMap<string, ListRecord>,
  beside: BesideList,
): Steps<RecordIndex> {
  const owners = new Map<string, string>();
  const peers = new Set<string>();
  const lookalikes = new Map<string, readonly string[]>();
  let count = 0;
  for (const record of records.values()) {
    count += 1;
    if (count % STEP === 0) yield;
    const { id, peer, aliases } = record;
    for (const alias of aliases) if (!owners.has(alias)) owners.set(alias, id);
    if (peer !== null && id.startsWith(`${peer}/`)) peers.add(id.slice(peer.length + 1));
    if (beside.running?.has(id) !== true) continue;
    const looks = toLooks(record);
    lookalikes.set(looks, [...(lookalikes.get(looks) ?? []), id]);
  }
  return { ...beside, records, owners, peers, lookalikes };
}

/**
 * The models that may serve a request for a record: itself, or what it stands for. It is one but for a selector, whose
 * targets are in the order of its configuration.
 */
export function findServers(record: ListRecord, index: RecordIndex): readonly Server[] {
  return follow(record, { index, hops: 0, isChosen: false });
}

function follow(record: ListRecord, way: Way): readonly Server[] {
  const { id, type, modelId, targets, strategy } = record;
  const { running, pins, owners } = way.index;
  switch (type) {
    // `/running` speaks of the provider's own models alone.
    case 'peer':
      return [{ name: id, record, state: 'unknown' }];
    case 'profile':
      return followName(pins.get(id) ?? '', way) ?? [{ name: id, record: null, state: 'unknown' }];
    case 'selector': {
      if (way.isChosen) return [{ name: id, record: null, state: 'unknown' }];
      // What neither runs nor is listed is stopped, where the list says so.
      const state = record.status === 'unloaded' ? 'stopped' : 'unknown';
      // The others are there for people to read.
      const considered = strategy === 'pin' ? targets.slice(0, 1) : targets;
      return considered.flatMap(
        (name) => followName(name, { ...way, isChosen: true }) ?? [{ name, record: null, state }],
      );
    }
    default: {
      const loaded = running?.get(id);
      if (loaded !== undefined) return [{ name: id, record, state: loaded.state }];
      const owner = modelId ?? (type === 'model' ? undefined : owners.get(id));
      if (owner === undefined) return [guess(record, way.index)];
      return followName(owner, way) ?? [{ name: owner, record, state: toRest(record, running) }];
    }
  }
}

/** What serves a name, or null where that is not known. */
function followName(name: string, way: Way): readonly Server[] | null {
  const { running, records, owners, peers } = way.index;
  const record = records.get(name) ?? records.get(owners.get(name) ?? '') ?? null;
  const loaded = running?.get(name);
  if (loaded !== undefined) return [{ name, record, state: loaded.state }];
  // The provider's own models come before those of peers.
  if (record === null && peers.has(name)) return [{ name, record, state: 'unknown' }];
  if (record === null || way.hops >= MOST_HOPS) return null;
  return follow(record, { ...way, hops: way.hops + 1 });
}

/** What a model that does not run is doing, as far as its record tells where `/running` does not. */
function toRest({ status }: ListRecord, running: BesideList['running']): ModelState {
  // `loaded` covers starting and stopping too.
  return running !== null || status === 'unloaded' ? 'stopped' : 'unknown';
}

/**
 * What serves a record that does not run itself. Before v241 lists do not tell aliases from models: an alias's record is its
 * model's under another ID, and from v236 on its status is `loaded` while that runs.
 */
function guess(record: ListRecord, { running, lookalikes }: RecordIndex): Server {
  const { id, type, name, status } = record;
  const rest: Server = { name: id, record, state: toRest(record, running) };
  if (running === null || type !== null || running.size === 0 || status === 'unloaded') return rest;
  // Records without a name of their own are alike and need not be the same model.
  const twins = name === null && status === null ? [] : (lookalikes.get(toLooks(record)) ?? []);
  const [twin] = twins;
  const loaded = twin === undefined ? undefined : running.get(twin);
  if (twin !== undefined && loaded !== undefined && twins.length === 1) {
    return { name: twin, record, state: loaded.state };
  }
  return status === 'loaded' || twin !== undefined ? { ...rest, state: 'unknown' } : rest;
}

function toLooks({ name, description, context, capabilities, modalities }: ListRecord): string {
  return JSON.stringify([name, description, context, capabilities, modalities]);
}
