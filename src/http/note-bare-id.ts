import type { Context } from 'hono';
import { explainBareId } from '../catalog/explain-bare-id.ts';
import type { SnapshotSource } from '../catalog/snapshot-source.ts';
import { addNote } from '../gateway/add-note.ts';
import type { NoteBareId } from '../gateway/gateway.ts';
import type { Registry } from '../registry/registry.ts';
import { requireModel, type ResolvedModel } from '../resolve/resolve-model.ts';
import type { Redact } from '../telemetry/redact.ts';
import { readExchange } from './middleware/observe.ts';

/** Creates the function that adds a note to a request whose ID has a wrong prefix. It never starts a probe. */
export function createNoteBareId(options: {
  registry: Registry;
  snapshots: Pick<SnapshotSource, 'last'>;
  redact: Redact;
}): NoteBareId {
  const { registry, snapshots, redact } = options;
  return (exchange, { resolved, hasFailed }) => {
    if (resolved.via !== 'bare') return;
    const note = explainBareId(resolved, { registry, snapshot: snapshots.last(), hasFailed });
    if (note !== null) addNote(exchange, redact(note));
  };
}

/** Resolves an ID that a request names, and adds a note about a wrong prefix. Throws if the ID means no model. */
export type ResolveNoted = (c: Context, id: string) => ResolvedModel;

/** Creates the function that resolves IDs of requests to Paddock's own routes. */
export function createResolveNoted({
  registry,
  noteBareId,
}: {
  registry: Registry;
  noteBareId: NoteBareId;
}): ResolveNoted {
  return (c, id) => {
    const resolved = requireModel(id, registry);
    noteBareId(readExchange(c), { resolved, hasFailed: false });
    return resolved;
  };
}
