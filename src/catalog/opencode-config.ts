import { OPENCODE_NAMESPACE, toOpencodeRef } from '../resolve/opencode-ref.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './model.ts';
import {
  KEY_OF_ENVIRONMENT,
  type OpencodeConfig,
  type OpencodeLimit,
  type OpencodeModel,
} from './opencode-schema.ts';

// What opencode's own prompt and its tools take of a window: 31 kB of JSON in 1.18.33, in an empty folder.
const OWN_PROMPT = 8000;
// The least that its compaction keeps of a conversation.
const KEPT = 2000;
// The most that it asks a model for, or keeps back for an answer; it asks for so many also where no limit is known.
const MOST_OUTPUT = 32_000;

/**
 * Writes the catalog as an opencode configuration. Each model is in it, whatever it is good for, and so are the
 * defaults whose host is away: opencode refuses a reference to a model that is not listed.
 * Of a model's fields only those are written that the catalog knows better than opencode's own assumptions, which are
 * text alone, and tools.
 * Source of the fields: opencode 1.18.33, packages/core/src/v1/config/provider.ts.
 * @param options.baseUrl Paddock's address as the client reaches it, without `/v1`
 * @param options.needsKey whether Paddock asks for a key
 * @param options.model the composite ID of the model to begin with, or null
 * @param options.smallModel the composite ID of the model for titles and the like, or null
 */
export function toOpencodeConfig(
  catalog: Catalog,
  options: { baseUrl: string; needsKey: boolean; model: string | null; smallModel: string | null },
): OpencodeConfig {
  const { baseUrl, needsKey, model, smallModel } = options;
  return {
    $schema: 'https://opencode.ai/config.json',
    provider: {
      [OPENCODE_NAMESPACE]: {
        npm: '@ai-sdk/openai-compatible',
        name: 'Paddock',
        // opencode gives a model five minutes for its first byte, and a cold one may take longer: `false` lifts that
        // (anomalyco/opencode#46903).
        options: {
          baseURL: `${baseUrl}/v1`,
          ...(needsKey && { apiKey: KEY_OF_ENVIRONMENT }),
          headerTimeout: false,
        },
        models: { ...listModels(catalog), ...listAbsent([model, smallModel], catalog) },
      },
    },
    ...(model !== null && { model: toOpencodeRef(model) }),
    ...(smallModel !== null && { small_model: toOpencodeRef(smallModel) }),
  };
}

function listModels(catalog: Catalog): Record<string, OpencodeModel> {
  const labels = new Map(catalog.providers.map(({ name, label }) => [name, label]));
  const rest = allModels(catalog).filter(({ favorite }) => !favorite);
  const named = [...catalog.favorites, ...rest].map((model) => ({
    model,
    name: `${model.name} (${labels.get(model.provider) ?? model.provider})`,
  }));
  const uses = new Map<string, number>();
  for (const { name } of named) uses.set(name, (uses.get(name) ?? 0) + 1);
  return Object.fromEntries(
    named.map(({ model, name }) => {
      // Nothing keeps two hosts, or two models of a host, from having one name.
      const unique = uses.get(name) === 1 ? name : `${model.name} (${model.id})`;
      return [model.id, toOpencodeModel(model, unique)];
    }),
  );
}

function listAbsent(
  ids: readonly (string | null)[],
  catalog: Catalog,
): Record<string, OpencodeModel> {
  const listed = new Set(allModels(catalog).map(({ id }) => id));
  return Object.fromEntries(
    ids.flatMap((id) => (id === null || listed.has(id) ? [] : [[id, { name: id }]])),
  );
}

function allModels({ providers }: Catalog): readonly CatalogModel[] {
  return providers.flatMap(({ models }) => models);
}

function toOpencodeModel(
  { capabilities, contextWindow }: CatalogModel,
  name: string,
): OpencodeModel {
  return {
    name,
    ...(capabilities.includes('vision') && {
      attachment: true as const,
      modalities: { input: ['text', 'image'], output: ['text'] },
    }),
    ...(contextWindow !== null && { limit: toLimit(contextWindow) }),
  };
}

/**
 * Divides a window that prompt and answer share, as llama.cpp's is. opencode wants `output` beside `context`, asks the
 * model for as many tokens, and compacts the conversation after a step that has taken `context - output`: for ever,
 * where its own prompt alone takes as many (anomalyco/opencode#45368). So the answer gets a quarter of what that prompt
 * leaves, or an eighth of a small window. Where too little is left even so, `input` is put out of reach: opencode goes
 * by it where it is given, and then compacts only once the host refuses a prompt.
 * Source: opencode 1.18.33, packages/opencode/src/session/overflow.ts, and maxOutputTokens in provider/transform.ts.
 */
function toLimit(context: number): OpencodeLimit {
  const output = Math.ceil(Math.max(context / 8, (context - OWN_PROMPT) / 4));
  const hasRoom = context - output >= OWN_PROMPT + KEPT;
  return hasRoom ? { context, output } : { context, input: context + MOST_OUTPUT, output };
}
