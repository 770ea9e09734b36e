// The facts that providers report about their models, in Paddock's own terms. The files in kinds/ translate each kind's API into them.

import * as v from 'valibot';
import { named, namedObject, type Infer } from '../schema.ts';

/** The schema of a model's state. */
export const modelStateSchema = named(
  'ModelState',
  v.picklist(['ready', 'starting', 'stopping', 'stopped', 'unknown']),
);

/** The state of a model on its provider. */
export type ModelState = Infer<typeof modelStateSchema>;

/**
 * The kind of an entry in a provider's list. All kinds except `model` and `peer` point to another entry. An alias points to one model, a selector picks one of
 * several for each request, and a profile points to the entry that the active profile pins its name to.
 */
export const modelKindSchema = named(
  'ModelKind',
  v.picklist(['model', 'alias', 'selector', 'profile', 'peer']),
);

/** Input and output modalities, as OpenRouter and llama-swap spell them: `text`, `image`, `audio`; empty if unknown. */
export const modalitiesSchema = namedObject('Modalities', {
  input: v.array(v.string()),
  output: v.array(v.string()),
});

/** The input and output modalities of a model. */
export type Modalities = Infer<typeof modalitiesSchema>;

/** One model's record in a provider's list. */
export interface ListRecord {
  readonly id: string;
  /** Null if the model has no name except its ID. */
  readonly name: string | null;
  readonly description: string | null;
  /** The kind that the list states, or null: llama-swap before v241 states none. */
  readonly type: Infer<typeof modelKindSchema> | null;
  /** The model that an alias points to, or null. */
  readonly modelId: string | null;
  readonly peer: string | null;
  /** A selector's strategy for picking one of its targets. */
  readonly strategy: string | null;
  readonly targets: readonly string[];
  /** llama-swap's status, `loaded` or `unloaded`. */
  readonly status: string | null;
  /** The declared context window, in tokens, or null. */
  readonly context: number | null;
  /** The most tokens that the model supports, where the provider may allow less; absent if unknown. */
  readonly maxContext?: number | null;
  readonly aliases: readonly string[];
  /** The capabilities that the record names. */
  readonly capabilities: readonly string[];
  readonly modalities: Modalities;
  readonly details: ModelDetails;
}

/** Returns the record of a model of which only the ID is known. */
export function toPlainRecord(id: string): ListRecord {
  return {
    id,
    name: null,
    description: null,
    type: 'model',
    modelId: null,
    peer: null,
    strategy: null,
    targets: [],
    status: null,
    context: null,
    aliases: [],
    capabilities: [],
    modalities: { input: [], output: [] },
    details: { parameters: [], llamaSwap: null },
  };
}

/** The facts about a model that only Paddock's own OpenAI list repeats. */
export interface ModelDetails {
  /** The request parameters that the model supports, such as `tools`; empty if unknown. */
  readonly parameters: readonly string[];
  /** llama-swap's own metadata, with what its owner added; null if there is none, or too much. */
  readonly llamaSwap: Readonly<Record<string, unknown>> | null;
}

/** The most models that Paddock shows of one provider. */
export const MAX_MODELS = 10_000;

/** Capabilities of a kind that a provider lacks. */
export type Lacking = readonly ('load' | 'unload')[];

/** A provider's list of models. */
export interface ModelList {
  /** The records by ID. */
  readonly records: ReadonlyMap<string, ListRecord>;
  /** The active profile's target for each pinned name; empty without an active profile. */
  readonly pins: ReadonlyMap<string, string>;
  /** Whether the provider lists more than `MAX_MODELS`. */
  readonly isCut: boolean;
  /** The capabilities of its kind that this provider lacks; absent if it has all of them. */
  readonly lacks?: Lacking;
}

/** A model that a provider reports as loaded. */
export interface RunningModel {
  readonly state: ModelState;
  /** The context window that its command line sets, in tokens, or null. */
  readonly commandContext: number | null;
  /** After how many seconds without a request the provider unloads it; absent if it does not say. */
  readonly ttl?: number;
}

/** The models that a provider has loaded, by their own names. */
export type RunningModels = ReadonlyMap<string, RunningModel>;

/** The properties that a model's own server reports. */
export interface ServerProps {
  /** The context window of one conversation, in tokens, or null. */
  readonly window: number | null;
  /** The inputs of the model: `text`, and possibly `image` and `audio`; null if the server does not report them. */
  readonly inputs: readonly string[] | null;
}
