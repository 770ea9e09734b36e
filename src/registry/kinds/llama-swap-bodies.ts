import * as v from 'valibot';
import type { Body } from '../own-request.ts';
import type { ServerProps } from '../provider-models.ts';
import { isShallow, toTokens } from './wire-values.ts';

const MAX_ENTRIES = 1000;
/** The maximum nesting depth of a body that is passed on. llama-swap's own bodies nest three levels deep. */
const MAX_DEPTH = 64;

/** A JSON object. A custom check is needed because valibot's object schemas accept arrays too. */
const fields = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** `GET /running` of llama-swap. Releases v107 to v201 omit models that are not ready. */
export const RUNNING: Body<{ readonly running: readonly unknown[] }> = {
  expected: 'a list of running models',
  list: { name: 'running', maxEntries: MAX_ENTRIES },
  schema: v.looseObject({ running: v.array(v.unknown()) }),
};

/** `RUNNING` for callers that pass the body on or act on it: every entry must be an object. `cmd` may hold secrets. */
export const RUNNING_ENTRIES = {
  ...RUNNING,
  schema: v.pipe(
    v.looseObject({ running: v.array(fields) }),
    v.check((value) => isShallow(value, MAX_DEPTH)),
  ),
} satisfies Body<unknown>;

/** `GET /api/version` of llama-swap (v173). Ollama's body has only `version`. */
export const VERSION: Body<{ version: string; commit?: string; build_date?: string }> = {
  expected: 'a version',
  schema: v.object({
    version: v.string(),
    commit: v.exactOptional(v.string()),
    build_date: v.exactOptional(v.string()),
  }),
};

const PROFILE = v.object({ id: v.nullable(v.string()), pins: v.fallback(fields, {}) });

/** `GET /api/profiles` of llama-swap (v241), reduced to the active profile's pins: the target of each pinned name. */
export const PROFILES: Body<ReadonlyMap<string, string>> = {
  expected: 'a list of profiles',
  list: { name: 'profiles', maxEntries: MAX_ENTRIES },
  schema: v.pipe(
    v.object({
      active: v.nullish(v.string(), null),
      profiles: v.nullable(v.array(v.fallback(PROFILE, { id: null, pins: {} }))),
    }),
    v.transform(({ active, profiles }) => {
      const pins = active === null ? {} : profiles?.find(({ id }) => id === active)?.pins;
      // llama-swap answers 404 for a name with an empty target.
      const targets = Object.entries(pins ?? {}).filter(([, target]) => isName(target));
      return new Map(targets) as ReadonlyMap<string, string>;
    }),
  ),
};

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

const flag = v.fallback(v.nullable(v.boolean()), null);

/** The fields of a model at `GET /props` of llama-server. */
export const PROPS_ENTRIES = {
  default_generation_settings: v.fallback(v.object({ n_ctx: v.unknown() }), { n_ctx: null }),
  modalities: v.fallback(v.object({ vision: flag, audio: flag }), { vision: null, audio: null }),
};

/** Converts these fields. */
export function toServerProps({
  default_generation_settings,
  modalities: { vision, audio },
}: v.InferOutput<v.ObjectSchema<typeof PROPS_ENTRIES, undefined>>): ServerProps {
  const isKnown = vision !== null || audio !== null;
  const inputs = [
    'text',
    ...(vision === true ? ['image'] : []),
    ...(audio === true ? ['audio'] : []),
  ];
  return {
    window: toTokens(default_generation_settings.n_ctx),
    inputs: isKnown ? inputs : null,
  };
}

/** `GET /props` of llama-server. */
export const PROPS: Body<ServerProps> = {
  expected: 'the properties of a model',
  schema: v.pipe(v.object(PROPS_ENTRIES), v.transform(toServerProps)),
};

/** An answer to a load or unload: `OK` or `{"msg":"ok"}` of llama-swap, or another object. `{"error":...}` is rejected. */
export const CHANGED: Body<unknown> = {
  expected: '"OK" or an object without "error"',
  schema: v.union([
    v.literal('OK'),
    v.pipe(
      fields,
      v.check((value) => !('error' in value)),
    ),
  ]),
};
