/** What a model is doing on its host. */
export type ModelState = 'ready' | 'starting' | 'stopping' | 'stopped' | 'unknown';

/** Where a context window is known from. */
export type ContextSource = 'declared' | 'loaded' | 'learned' | 'configured' | 'static' | 'unknown';

/** A model as its provider listed it, under the provider's own name for it. */
export interface ListedModel {
  readonly model: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: ModelState;
  /** The context window that the host declares, in tokens, or null. */
  readonly declaredContext: number | null;
  /** The name that the host gives at `/running` to what serves it: an alias's own model. */
  readonly runsAs: string;
  /** The host's own other names for it. */
  readonly aliases: readonly string[];
  readonly capabilities: readonly string[];
}

/** A model as the catalog shows it. */
export interface CatalogModel {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  readonly name: string;
  readonly description: string | null;
  readonly favorite: boolean;
  readonly state: ModelState;
  /** In tokens. */
  readonly contextWindow: number | null;
  readonly contextSource: ContextSource;
  /** The host's other names for it, to be written after the provider, and the aliases of the settings that mean it. */
  readonly aliases: readonly string[];
  readonly capabilities: readonly string[];
  /** Composite IDs of models of the same name on other providers. */
  readonly alsoOn: readonly string[];
}
