import * as v from 'valibot';
import { namedObject, type Infer } from '../schema.ts';
import type { RunSteps } from '../steps.ts';
import type { Outcome } from './outcome.ts';
import type { Ask, OwnRequest } from './own-request.ts';
import type {
  Lacking,
  ListRecord,
  ModelList,
  RunningModels,
  ServerProps,
} from './provider-models.ts';

/** The capabilities of a provider kind, in addition to listing models and answering inference requests. */
export const capabilitiesSchema = namedObject('ProviderCapabilities', {
  running: v.pipe(v.boolean(), v.description('Whether it reports which models are loaded')),
  load: v.pipe(v.boolean(), v.description('Whether it loads models on request')),
  unload: v.pipe(v.boolean(), v.description('Whether it unloads models on request')),
  upstream: v.pipe(
    v.boolean(),
    v.description('Whether `/upstream/{provider}/{model}/` leads to the servers of its models'),
  ),
  logs: v.pipe(v.boolean(), v.description('Whether it shows its own log')),
});

/** Everything that differs between kinds of providers. Other code uses these fields and never compares names. */
export interface ProviderKind<Name extends string = string> {
  readonly name: Name;
  /**
   * The default port of `NAME://` (http) in a DSN; `NAMEs://` means https, port 443. Null for a kind that `PROVIDERS` does not
   * accept: a cloud API with settings of its own, which never answers bare IDs.
   */
  readonly httpPort: number | null;
  /** Lists the models. It must not make the provider load or unload one. */
  readonly list: (ask: Ask, options: ListOptions) => Promise<Outcome<ModelList>>;
  /** The loaded models; null for a kind that does not report them. */
  readonly running: RunningReader | null;
  /**
   * Loads a model by the provider's own ID or alias without generating anything, and waits until it is ready, as long as
   * that takes; null for a kind that cannot.
   * @throws {PaddockError} `invalid_model_id` if no request can name the model
   */
  readonly load: ((ask: Ask, change: Change<string>) => Promise<Outcome<unknown>>) | null;
  /**
   * Unloads a model by the provider's own ID or alias, or all models (null), and waits until they have stopped; null for a
   * kind that cannot.
   * @throws {PaddockError} `invalid_model_id` if no request can name the model
   */
  readonly unload: ((ask: Ask, change: Change<string | null>) => Promise<Outcome<unknown>>) | null;
  /** The servers of its models, at `/upstream/{model}/`; null for a kind that does not give access to them. */
  readonly servers: ModelServers | null;
  /** Its own log; null for a kind that does not give access to it. */
  readonly logs: LogReader | null;
  /** How the doctor checks which software answers; null for a kind that it does not check. */
  readonly software: SoftwareCheck | null;
  /** Whether another kind may tell more of its providers; absent if not. */
  readonly isGeneric?: true;
  /** The dialect of OpenAI's API that it speaks, for requests that Paddock writes. */
  readonly speaks: 'llama.cpp' | 'openai' | 'deepseek';
  /** Whether its chat completions accept `max_tokens`, not the newer `max_completion_tokens`. */
  readonly maxTokens: boolean;
  /** The path before `/v1/messages`. */
  readonly anthropicBase: '' | `/${string}`;
  /** The path before Ollama's own API (`/api/chat` and so on); null for a kind that does not have it. */
  readonly ollamaBase: '' | `/${string}` | null;
  /** The names of the settings for its address, its key and its probe timeout, for error messages. */
  readonly settings: { readonly address: string; readonly key: string; readonly timeout: string };
  /** The context windows that its vendor publishes, in tokens, by exact model name. */
  readonly contextWindows: Readonly<Record<string, number>>;
}

/** The dependencies of listing, besides the provider. */
interface ListOptions {
  readonly provider: string;
  readonly run: RunSteps;
  /** The facts that the kind learned of each model by requests of its own, by a key of the kind, kept between lists. */
  readonly learned: Map<string, LearnedModel>;
}

/** The facts that a provider reports of one model, in addition to its list. */
export type LearnedModel = Pick<ListRecord, 'capabilities' | 'modalities' | 'maxContext'>;

/** A change of what a provider has loaded. */
export interface Change<Model> {
  readonly model: Model;
  /** Waits for a moment before the provider is asked again, where its answer comes before the change is complete. */
  readonly pause: () => Promise<void>;
}

/** Reads the loaded models of a provider. Neither function may make the provider load or unload a model. */
export interface RunningReader {
  read(ask: Ask): Promise<Outcome<RunningModels>>;
  /** Returns the provider's own answer in llama-swap's shape, without secrets and internal addresses. */
  show(ask: Ask): Promise<Outcome<ShownRunning>>;
}

/** Any JSON with a list of running models. */
type ShownRunning = Readonly<Record<string, unknown>> & {
  readonly running: readonly Readonly<Record<string, unknown>>[];
};

/** The active profile's target for each pinned name; `none` without profiles, `unclear` if the answer does not tell. */
export type Pins = ReadonlyMap<string, string> | 'none' | 'unclear';

/** Asks for the properties of a model by its own server. The provider counts this as a request for the model. */
export interface ModelServers {
  readPins(ask: Ask): Promise<Pins>;
  /** Returns the request for the properties; null if none can carry the model's name. */
  toPropsRequest(
    model: string,
    options: { readonly hasProfiles: boolean },
  ): OwnRequest<ServerProps> | null;
}

/** Whether a provider runs the software of its kind, and its release; null if it is too old to report one. */
export type Software =
  | { readonly isOfKind: true; readonly release: string | null }
  | { readonly isOfKind: false };

/** A request for a provider's log. It must not make the provider load or unload a model. */
interface LogRequest {
  readonly path: string;
  /** Whether the provider sends what it has and then new lines, until the request ends. */
  readonly isEndless: boolean;
}

/** Requests the log of a provider, or the part of one model. */
export interface LogReader {
  /**
   * @param options.follow whether new lines are wanted too
   * @throws {PaddockError} `invalid_model_id` if no request can name the model
   */
  toRequest(options: { readonly model: string | null; readonly follow: boolean }): LogRequest;
  /** Explains the refusal of a request for one model's log; null for a reason that has nothing to do with the model. */
  explainRefusal(answer: {
    readonly status: number;
    readonly text: string;
  }): 'unknown model' | 'too old' | null;
}

/** Checks which software a provider runs. */
interface SoftwareCheck {
  /** Whether `find` recognizes the software among all other servers. */
  readonly recognizes: boolean;
  /** Returns null if the answers do not show the software. */
  find(ask: Ask): Promise<Software | null>;
  /** Returns a message about the features that a release lacks, or null if it lacks none. */
  findLacks(name: string, release: string | null): string | null;
}

/** The fields of a kind that only lists models and answers inference requests. */
export const LISTS_ONLY = {
  running: null,
  load: null,
  unload: null,
  servers: null,
  logs: null,
  software: null,
  ollamaBase: null,
} as const;

/** The setting names of a kind whose providers are entries of `PROVIDERS`. */
export const IN_PROVIDERS: ProviderKind['settings'] = {
  address: 'PROVIDERS',
  key: 'PROVIDERS',
  timeout: 'PROVIDERS',
};

/** Returns the capabilities of a kind, without those that one of its providers lacks. */
export function toCapabilities(
  { running, load, unload, servers, logs }: ProviderKind,
  lacks: Lacking = [],
): Infer<typeof capabilitiesSchema> {
  return {
    running: running !== null,
    load: load !== null && !lacks.includes('load'),
    unload: unload !== null && !lacks.includes('unload'),
    upstream: servers !== null,
    logs: logs !== null,
  };
}
