/** What a model is doing on its host. */
export type ModelState = 'ready' | 'starting' | 'stopping' | 'stopped' | 'unknown';

/** Where a context window is known from. */
export type ContextSource = 'declared' | 'loaded' | 'learned' | 'configured' | 'static' | 'unknown';

/**
 * What an entry of a provider's list is. All but a `model` and a `peer` stand for another entry: an alias for one model, a
 * selector for the one of several that it picks for each request, a profile for what the active profile pins to its name.
 */
export type ModelKind = 'model' | 'alias' | 'selector' | 'profile' | 'peer';

/** What a model takes and gives, as OpenRouter and llama-swap spell it: `text`, `image`, `audio`, ... */
export interface Modalities {
  /** Empty where it is not known. */
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** A model as its provider listed it, under the provider's own name for it. */
export interface ListedModel {
  readonly model: string;
  readonly kind: ModelKind;
  /** The provider's own name for the server behind it that serves this model, or null. */
  readonly peer: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly state: ModelState;
  /** The context window that the host declares, in tokens, or null. */
  readonly declaredContext: number | null;
  /** The name at `/running` of what serves it now: its own, or that of the model it stands for. */
  readonly runsAs: string;
  /** The host's own other names for it. */
  readonly aliases: readonly string[];
  readonly capabilities: readonly string[];
  readonly modalities: Modalities;
}

/** A model as the catalog shows it. */
export interface CatalogModel {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly name: string;
  readonly description: string | null;
  readonly kind: ModelKind;
  /** Of a `peer`, the provider's own name for the server behind it; null for all others. */
  readonly peer: string | null;
  readonly favorite: boolean;
  readonly state: ModelState;
  /** In tokens. */
  readonly contextWindow: number | null;
  readonly contextSource: ContextSource;
  /** The host's other names for it, to be written after the provider, and the aliases of the settings that mean it. */
  readonly aliases: readonly string[];
  readonly capabilities: readonly string[];
  readonly modalities: Modalities;
  /** Composite IDs of the same model on other providers: of equal names, and of a peer's model and its own provider's. */
  readonly alsoOn: readonly string[];
}
