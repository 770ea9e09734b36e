import type { Context } from 'hono';
import { findServed } from '../catalog/find-listed.ts';
import type { SnapshotSource } from '../catalog/snapshot-source.ts';
import type { Clock } from '../clock.ts';
import { PaddockError } from '../errors.ts';
import type { Registry } from '../registry/registry.ts';
import { requireManaged } from '../registry/require-provider.ts';
import { joinId } from '../resolve/composite-id.ts';
import type { ResolvedModel } from '../resolve/resolve-model.ts';
import { toOutcomeError } from '../upstream/outcome-error.ts';
import type { RequestUpstream } from '../upstream/request-upstream.ts';
import { createSharedLoads } from './shared-loads.ts';
import type { AnswerWatch } from './watch-answers.ts';

/** A model that is ready. */
export interface LoadedModel {
  readonly id: string;
  readonly provider: string;
  /** The provider's own name for it. */
  readonly model: string;
  /** How long its provider took, in milliseconds. */
  readonly loadMs: number;
}

/** Loads a model and waits until it is ready. */
export type LoadModel = ReturnType<typeof createLoadModel>;

/** Creates the function that loads models on purpose, without generating anything. */
export function createLoadModel(options: {
  registry: Registry;
  requestUpstream: RequestUpstream;
  clock: Clock;
  snapshots: Pick<SnapshotSource, 'last'>;
  watch: Pick<AnswerWatch, 'loading'>;
}) {
  const { registry, snapshots } = options;
  const wait = createSharedLoads(options);

  /** Throws if the provider cannot load the model, or `ClientGone` if the client of `c` disconnects first. */
  return async (c: Context, resolved: ResolvedModel): Promise<LoadedModel> => {
    const { id, provider: name, model } = resolved;
    const managed = requireManaged(name, { registry, can: 'load' });
    const listed = findServed(id, snapshots.last());
    if (listed?.kind === 'peer') throw toPeerError(resolved);
    // Use the model's own name in place of an alias: loads by both names share one request, and a ready model is found.
    const own = listed?.model ?? model;
    const end = await wait(c, { ...managed, model: own, id: joinId(name, own) });
    if ('error' in end) throw end.error;
    const { outcome, ms: loadMs } = end;
    if (outcome.kind === 'ok') return { id, provider: name, model, loadMs };
    throw toOutcomeError(outcome, { provider: managed.provider, model, purpose: 'load' });
  };
}

function toPeerError({ provider, model }: ResolvedModel): PaddockError {
  const message = `${provider} relays "${model}" from another server, and cannot load it there: send a request to the model.`;
  return new PaddockError('unsupported_by_provider', message, { param: 'model' });
}
