// client/ is the package export `llama-paddock/client`: the HTTP API of a running Paddock, typed by its routes. It depends
// only on web standards and imports only types of the server, no code.

import { hc, type InferResponseType } from 'hono/client';
import type { App } from '../app.ts';
import type { Role } from '../resolve/roles.ts';
import type { FetchFunction } from './fetch-function.ts';
import { createLanguageModels } from './language-models.ts';
import { readAnswer } from './read-answer.ts';

export { fromOpencodeRef, toOpencodeRef } from '../resolve/opencode-ref.ts';
export type { FetchFunction } from './fetch-function.ts';
export type { LanguageModel } from './language-models.ts';
export { PaddockApiError } from './paddock-api-error.ts';

/** The address of a Paddock, and the means to reach it. */
export interface PaddockOptions {
  /** Its address, such as `http://127.0.0.1:8400`. */
  readonly url: string;
  /** One of its keys, if it requires one. */
  readonly apiKey?: string;
  /** The platform's `fetch` by default. */
  readonly fetch?: FetchFunction;
}

type Api = ReturnType<typeof hc<App>>['api'];

/** The catalog: every model of every provider, grouped, favorites first. */
export type Catalog = InferResponseType<Api['models']['$get'], 200>;
/** A model of the catalog. */
export type Model = Catalog['favorites'][number];
/** A provider and its status, without its models. */
export type ProviderReport = InferResponseType<Api['providers']['$get'], 200>['providers'][number];
/** The meaning of an ID or a role. */
export type Resolution = InferResponseType<Api['resolve']['$get'], 200>;
/** The models of each role. */
export type Roles = InferResponseType<Api['roles']['$get'], 200>['roles'];
/** The context window of a model. */
export type Context = InferResponseType<Api['context']['$get'], 200>;
/** A favorite, shown or hidden. */
export type Favorite = InferResponseType<Api['favorites']['$get'], 200>['favorites'][number];
/** The loaded models of a provider, in llama-swap's format. */
export type Running = InferResponseType<Api['providers'][':name']['running']['$get'], 200>;
/** The loaded model, and how long the load took. */
export type Loaded = InferResponseType<Api['load']['$post'], 200>;
/** The unloaded model; `model` is null for all models of a provider. */
export type Unloaded = InferResponseType<Api['unload']['$post'], 200>;
/** The faults of the providers, the settings and the database, and how to fix them. */
export type Diagnosis = InferResponseType<Api['doctor']['$get'], 200>;
/** An `opencode.json`. */
export type OpencodeConfig = InferResponseType<Api['opencode.json']['$get'], 200>;

/**
 * A running Paddock. Every method rejects with `PaddockApiError` if Paddock refuses the request, and with the error of
 * `fetch` if Paddock is not reachable.
 */
export type Paddock = ReturnType<typeof createPaddock>;

/** Creates a client. It sends no requests until a method is called. */
export function createPaddock(options: PaddockOptions) {
  const { apiKey } = options;
  const url = options.url.replace(/\/+$/u, '');
  const fetchPaddock: FetchFunction = options.fetch ?? ((input, init) => fetch(input, init));
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const { api } = hc<App>(url, { headers, fetch: fetchPaddock });
  const favorite = api.favorites[':id{[\\s\\S]+}'];
  const toParam = (id: string) => ({ param: { id: encodeURIComponent(id) } });
  const languageModel = createLanguageModels({ url, apiKey, fetch: fetchPaddock });

  return {
    /** Returns the catalog. `refresh` probes every provider first. */
    models: ({ refresh = false } = {}): Promise<Catalog> =>
      readAnswer(api.models.$get({ query: refresh ? { refresh: '1' } : {} })),
    /** Returns the meaning of an ID or a role. */
    resolve: (what: string | { readonly role: Role }): Promise<Resolution> => {
      const query = typeof what === 'string' ? { model: what } : { role: what.role };
      return readAnswer(api.resolve.$get({ query }));
    },
    /** Returns the models of each role. */
    roles: async (): Promise<Roles> => (await readAnswer(api.roles.$get())).roles,
    /** Returns the context window of a model, in tokens. It does not load the model. */
    context: (model: string): Promise<Context> =>
      readAnswer(api.context.$get({ query: { model } })),
    /** The favorites, which all clients show first. */
    favorites: {
      /** Returns the favorites in order, including hidden ones. */
      list: async (): Promise<Favorite[]> => (await readAnswer(api.favorites.$get())).favorites,
      /** Adds a favorite at the end if it is not there yet. */
      add: async (id: string): Promise<Favorite> => readAnswer(favorite.$put(toParam(id))),
      remove: async (id: string): Promise<void> => {
        await readAnswer(favorite.$delete(toParam(id)));
      },
      /** Reorders the favorites. `ids` must contain exactly the current favorites. */
      reorder: async (ids: readonly string[]): Promise<Favorite[]> =>
        (await readAnswer(api.favorites.$put({ json: { ids: [...ids] } }))).favorites,
    },
    /** Returns the loaded models of a provider. */
    running: async (provider: string): Promise<Running> =>
      readAnswer(
        api.providers[':name'].running.$get({ param: { name: encodeURIComponent(provider) } }),
      ),
    /**
     * Loads a model by its ID without generating, and resolves when it is ready. Node's own `fetch` gives up after five
     * minutes.
     */
    load: (model: string): Promise<Loaded> => readAnswer(api.load.$post({ json: { model } })),
    /** Unloads a model by its ID and stops its running requests. */
    unload: (model: string): Promise<Unloaded> => readAnswer(api.unload.$post({ json: { model } })),
    /** Unloads all models of a provider. */
    unloadAll: async (provider: string): Promise<Unloaded> =>
      readAnswer(
        api.providers[':name'].unload.$post({
          param: { name: encodeURIComponent(provider) },
          json: {},
        }),
      ),
    /** Returns the faults of the providers, the settings and the database. */
    doctor: (): Promise<Diagnosis> => readAnswer(api.doctor.$get()),
    /** Returns an `opencode.json` with all models that chat, through this gateway. */
    opencodeConfig: (): Promise<OpencodeConfig> => readAnswer(api['opencode.json'].$get()),
    /** Returns a model for the AI SDK, by any ID. Its requests need the package `@ai-sdk/openai-compatible`. */
    languageModel,
  };
}
