// client/ is what other programs import, as `llama-paddock/client`: the HTTP API of a running Paddock, typed by its own routes.
// It depends on web standards alone, and takes no code of the server's, only its types.

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

/** Where a Paddock is, and how it is reached. */
export interface PaddockOptions {
  /** Its address, such as `http://127.0.0.1:8400`. */
  readonly url: string;
  /** One of its keys, where it asks for one. */
  readonly apiKey?: string;
  /** The platform's own by default. */
  readonly fetch?: FetchFunction;
}

type Api = ReturnType<typeof hc<App>>['api'];

/** The catalog: every model of every provider, grouped, favorites first. */
export type Catalog = InferResponseType<Api['models']['$get'], 200>;
/** A model of the catalog. */
export type Model = Catalog['favorites'][number];
/** A provider and its status, without its models. */
export type ProviderReport = InferResponseType<Api['providers']['$get'], 200>['providers'][number];
/** What an ID or a role means. */
export type Resolution = InferResponseType<Api['resolve']['$get'], 200>;
/** Which model does which job. */
export type Roles = InferResponseType<Api['roles']['$get'], 200>['roles'];
/** How long a model's prompts may be. */
export type Context = InferResponseType<Api['context']['$get'], 200>;
/** A favorite, shown or hidden. */
export type Favorite = InferResponseType<Api['favorites']['$get'], 200>['favorites'][number];
/** What was unloaded; `model` is null for all of a provider. */
export type Unloaded = InferResponseType<Api['unload']['$post'], 200>;
/** What is wrong with the herd, and what mends it. */
export type Diagnosis = InferResponseType<Api['doctor']['$get'], 200>;
/** An `opencode.json`. */
export type OpencodeConfig = InferResponseType<Api['opencode.json']['$get'], 200>;

/** A running Paddock. Every method rejects with `PaddockApiError` where it refuses, and with what `fetch` throws where it is not there. */
export type Paddock = ReturnType<typeof createPaddock>;

/** Makes a client. It asks for nothing until it is used. */
export function createPaddock(options: PaddockOptions) {
  const { apiKey } = options;
  const url = options.url.replace(/\/+$/u, '');
  const fetchHere: FetchFunction = options.fetch ?? ((input, init) => fetch(input, init));
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const { api } = hc<App>(url, { headers, fetch: fetchHere });
  const favorite = api.favorites[':id{[\\s\\S]+}'];
  const toParam = (id: string) => ({ param: { id: encodeURIComponent(id) } });
  const languageModel = createLanguageModels({ url, apiKey, fetch: fetchHere });

  return {
    /** The catalog; `refresh` probes every host before it answers. */
    models: ({ refresh = false } = {}): Promise<Catalog> =>
      readAnswer(api.models.$get({ query: refresh ? { refresh: '1' } : {} })),
    /** What an ID means, or a role. */
    resolve: (what: string | { readonly role: Role }): Promise<Resolution> => {
      const query = typeof what === 'string' ? { model: what } : { role: what.role };
      return readAnswer(api.resolve.$get({ query }));
    },
    /** Which model does which job. */
    roles: async (): Promise<Roles> => (await readAnswer(api.roles.$get())).roles,
    /** How long a model's prompts may be, in tokens. Nothing is loaded for it. */
    context: (model: string): Promise<Context> =>
      readAnswer(api.context.$get({ query: { model } })),
    /** What all clients show first. */
    favorites: {
      /** In their order, hidden ones included. */
      list: async (): Promise<Favorite[]> => (await readAnswer(api.favorites.$get())).favorites,
      /** Adds one at the end, where it is not there. */
      add: async (id: string): Promise<Favorite> => readAnswer(favorite.$put(toParam(id))),
      remove: async (id: string): Promise<void> => {
        await readAnswer(favorite.$delete(toParam(id)));
      },
      /** Puts the same set into a new order. */
      reorder: async (ids: readonly string[]): Promise<Favorite[]> =>
        (await readAnswer(api.favorites.$put({ json: { ids: [...ids] } }))).favorites,
    },
    /** Stops a model by its ID, with whatever it is working on. */
    unload: (model: string): Promise<Unloaded> => readAnswer(api.unload.$post({ json: { model } })),
    /** Stops all models of a provider. */
    unloadAll: async (provider: string): Promise<Unloaded> =>
      readAnswer(
        api.providers[':name'].unload.$post({
          param: { name: encodeURIComponent(provider) },
          json: {},
        }),
      ),
    /** What is wrong with the hosts, the settings and the database. */
    doctor: (): Promise<Diagnosis> => readAnswer(api.doctor.$get()),
    /** An `opencode.json` that reaches every model through this gateway. */
    opencodeConfig: (): Promise<OpencodeConfig> => readAnswer(api['opencode.json'].$get()),
    /** A model for the AI SDK, by any ID. Its requests need the package `@ai-sdk/openai-compatible`. */
    languageModel,
  };
}
