import { explainBareId } from '../catalog/explain-bare-id.ts';
import type { SnapshotSource } from '../catalog/snapshot-source.ts';
import { addNote } from '../gateway/add-note.ts';
import type { NoteBareId } from '../gateway/gateway.ts';
import type { Registry } from '../registry/registry.ts';
import type { Redact } from '../telemetry/redact.ts';

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
