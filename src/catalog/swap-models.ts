// llama-swap's own descriptions of models, over all providers: for clients that know only llama-swap.

import * as v from 'valibot';
import type { ModelState } from '../registry/provider-models.ts';
import { joinId } from '../resolve/composite-id.ts';
import { compositeIdSchema } from '../resolve/id-schemas.ts';
import { declareAnswer, integer, namedObject, type Infer } from '../schema.ts';
import type { Steps } from '../steps.ts';
import { findInList } from './find-listed.ts';
import type { MergedCatalog } from './merge-catalog.ts';
import type { CatalogModel } from './model.ts';
import { createNaming, toCapabilities } from './openai-models.ts';
import type { Snapshot } from './snapshot.ts';
import type { Registry } from '../registry/registry.ts';

const runningSchema = namedObject('RunningEntry', {
  model: compositeIdSchema,
  state: v.picklist(['ready', 'starting', 'stopping', 'unknown']),
  /** After how many seconds without a request the provider unloads it; 0 for never; absent if the provider does not say. */
  ttl: v.optional(integer),
  name: v.string(),
  description: v.string(),
});

/** A loaded model of any provider, as `GET /running` of llama-swap lists it, without `cmd` and `proxy`. */
export type RunningEntry = Infer<typeof runningSchema>;

/** `GET /running`. */
export const runningEverywhereAnswer = declareAnswer(
  namedObject('RunningEverywhere', { running: v.array(runningSchema) }),
  {
    running: [
      {
        model: 'sam-desktop/qwen3.6-27b',
        state: 'ready',
        ttl: 300,
        name: 'Qwen 3.6 27B',
        description: '',
      },
    ],
  },
);

/** Lists the loaded models of all providers, also those that their providers do not list. */
export function toRunningEverywhere(
  { providers }: Pick<Registry, 'providers'>,
  { results }: Pick<Snapshot, 'results'>,
): readonly RunningEntry[] {
  return [...providers.keys()].flatMap((provider) => {
    const result = results.get(provider);
    if (result?.status !== 'online' || result.running === undefined) return [];
    return [...result.running].flatMap(([model, { state, ttl }]): RunningEntry[] => {
      if (state === 'stopped') return [];
      const listed = findInList(result.models, model);
      const id = joinId(provider, model);
      const text = { name: listed?.name ?? model, description: listed?.description ?? '' };
      return [{ model: id, state, ...(ttl !== undefined && { ttl }), ...text }];
    });
  });
}

/** A model in llama-swap's message `modelStatus`. */
interface ModelStatus {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Empty for a peer's model. */
  readonly state: ModelState | '';
  readonly unlisted: boolean;
  /** Empty except for a peer's model. */
  readonly peerID: string;
  readonly aliases?: readonly string[];
  readonly capabilities?: Readonly<Record<string, true>>;
  readonly context_length?: number;
}

/** The number of models that are converted in one step. */
const STEP = 200;

/**
 * Lists all models and peers' models with their states, as llama-swap does: its aliases and selectors have no state.
 * @param aliases the aliases of the settings: composite IDs by alias
 */
export function* toModelStatus(
  catalog: MergedCatalog,
  aliases: ReadonlyMap<string, string>,
): Steps<readonly ModelStatus[]> {
  const toName = yield* createNaming(catalog);
  const unlisted = new Map(catalog.running.map((entry) => [entry.model, entry]));
  const statuses: ModelStatus[] = [];
  let visited = 0;
  for (const { models } of catalog.providers) {
    for (const model of models) {
      visited += 1;
      if (visited % STEP === 0) yield;
      const callable = model.aliases.map((alias) =>
        aliases.get(alias) === model.id ? alias : joinId(model.provider, alias),
      );
      for (const id of [model.id, ...callable]) unlisted.delete(id);
      if (model.kind !== 'model' && model.kind !== 'peer') continue;
      statuses.push(toStatus(model, { name: toName(model), aliases: callable }));
    }
  }
  for (const { model: id, state, name, description } of unlisted.values()) {
    statuses.push({ id, name, description, state, unlisted: true, peerID: '' });
  }
  return statuses;
}

function toStatus(
  model: CatalogModel,
  { name, aliases }: { name: string; aliases: readonly string[] },
): ModelStatus {
  const { id, kind, peer, state, description, capabilities, contextWindow } = model;
  return {
    id,
    name,
    description: description ?? '',
    state: kind === 'peer' ? '' : state,
    unlisted: false,
    peerID: peer ?? '',
    ...(aliases.length > 0 && { aliases }),
    ...(capabilities.length > 0 && { capabilities: toCapabilities(capabilities) }),
    ...(contextWindow !== null && { context_length: contextWindow }),
  };
}
