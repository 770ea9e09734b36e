import * as v from 'valibot';

/** A body that an upstream is expected to send. */
export interface Body<T> {
  /** What is expected, for logs. */
  readonly expected: string;
  readonly schema: v.GenericSchema<unknown, T>;
  /** Of a large body, the array that is asked for, and how many of its entries are read. */
  readonly list: { readonly name: string; readonly mostEntries: number };
}

/** The longest model list that Paddock shows. */
export const MOST_MODELS = 10_000;
const MOST_ENTRIES = 1000;
/** How deep a body that is passed on may nest; llama-swap's own nest three deep. */
const MOST_DEPTH = 64;

/** The objects of JSON: to valibot's schemas, arrays are objects too. */
const fields = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/**
 * `GET /v1/models`. `models` is the list that llama-server gives in Ollama's form beside `data`. Ollama with nothing pulled
 * sends `data: null`. The records are read one by one (`catalog/read-records.ts`): there may be 10,000.
 */
export const MODEL_LIST: Body<ModelList> = {
  expected: 'a list of models',
  // One entry more shows that there are more.
  list: { name: 'data', mostEntries: MOST_MODELS + 1 },
  schema: v.pipe(
    v.object({
      object: v.optional(v.unknown(), null),
      data: v.nullable(v.array(v.unknown())),
      models: v.fallback(v.array(v.unknown()), []),
    }),
    v.check(({ object, data }) => data !== null || object === 'list'),
    v.transform(({ data, models }) => ({ data: data ?? [], models })),
  ),
};

/** The entries of `/v1/models`, unchecked. */
export interface ModelList {
  readonly data: readonly unknown[];
  readonly models: readonly unknown[];
}

/** `GET /running` of llama-swap. Releases from v107 to v201 leave out models that are not ready. */
export const RUNNING: Body<{ readonly running: readonly unknown[] }> = {
  expected: 'a list of running models',
  list: { name: 'running', mostEntries: MOST_ENTRIES },
  schema: v.looseObject({ running: v.array(v.unknown()) }),
};

/** The same body, for callers that pass it on or act on it: every entry must be an object. `cmd` may hold secrets. */
export const RUNNING_ENTRIES = {
  ...RUNNING,
  schema: v.pipe(
    v.looseObject({ running: v.array(fields) }),
    // A value nested some thousand levels deep can be parsed but not serialized.
    v.check((value) => isShallow(value, MOST_DEPTH)),
  ),
} satisfies Body<unknown>;

/** `GET /api/version` of llama-swap (v173). Ollama's body has `version` alone. */
export const VERSION: Body<{ version: string; commit?: string; build_date?: string }> = {
  expected: 'a version',
  list: { name: '', mostEntries: MOST_ENTRIES },
  schema: v.object({
    version: v.string(),
    commit: v.exactOptional(v.string()),
    build_date: v.exactOptional(v.string()),
  }),
};

const PROFILE = v.object({ id: v.nullable(v.string()), pins: v.fallback(fields, {}) });

/** `GET /api/profiles` of llama-swap (v241), as the models that the active profile pins names to. */
export const PROFILES: Body<ReadonlyMap<string, string>> = {
  expected: 'a list of profiles',
  list: { name: 'profiles', mostEntries: MOST_ENTRIES },
  schema: v.pipe(
    v.object({
      active: v.nullish(v.string(), null),
      profiles: v.nullable(v.array(v.fallback(PROFILE, { id: null, pins: {} }))),
    }),
    v.transform(({ active, profiles }) => {
      const pins = active === null ? {} : profiles?.find(({ id }) => id === active)?.pins;
      // An empty target makes llama-swap answer 404 for the name.
      const targets = Object.entries(pins ?? {}).filter(([, target]) => isName(target));
      return new Map(targets) as ReadonlyMap<string, string>;
    }),
  ),
};

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** What llama-server's `/props` says of its model; null for a value that is missing or odd. */
export interface Props {
  /** The context window of one conversation, unchecked. */
  readonly contextWindow: unknown;
  readonly vision: boolean | null;
  readonly audio: boolean | null;
}

const flag = v.fallback(v.nullable(v.boolean()), null);

/** `GET /props` of llama-server. */
export const PROPS: Body<Props> = {
  expected: 'the properties of a model',
  list: { name: '', mostEntries: MOST_ENTRIES },
  schema: v.pipe(
    v.object({
      default_generation_settings: v.fallback(v.object({ n_ctx: v.unknown() }), { n_ctx: null }),
      modalities: v.fallback(v.object({ vision: flag, audio: flag }), {
        vision: null,
        audio: null,
      }),
    }),
    v.transform(({ default_generation_settings: { n_ctx }, modalities }) => ({
      contextWindow: n_ctx,
      ...modalities,
    })),
  ),
};

/** The answer of llama-swap to an unload: `OK` or `{"msg":"ok"}`, and not another server's `{"error":...}`. */
export const UNLOADED: Body<unknown> = {
  expected: '"OK"',
  list: { name: '', mostEntries: MOST_ENTRIES },
  schema: v.union([
    v.literal('OK'),
    v.pipe(
      fields,
      v.check((value) => !('error' in value)),
    ),
  ]),
};

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
