import { OPENCODE_NAMESPACE, toOpencodeRef } from '../resolve/opencode-ref.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './model.ts';
import {
  KEY_OF_ENVIRONMENT,
  type OpencodeConfig,
  type OpencodeLimit,
  type OpencodeModel,
} from './opencode-schema.ts';

// Tokens that opencode's own prompt and tools use: 31 kB of JSON in 1.18.33, in an empty folder.
const OWN_PROMPT = 8000;
// The fewest tokens of a conversation that its compaction keeps.
const KEPT = 2000;
// The most tokens that it requests or reserves for an answer. It also requests this many if no limit is known.
const MAX_OUTPUT = 32_000;

/**
 * Converts the catalog to an opencode configuration. It contains every model, whatever its purpose, and also defaults
 * whose provider is offline, because opencode rejects a reference to a model that is not listed.
 * A model's fields are written only if the catalog knows better than opencode's own assumptions: text only, with tools.
 * Source of the fields: opencode 1.18.33, packages/core/src/v1/config/provider.ts.
 * @param options.baseUrl Paddock's address as the client reaches it, without `/v1`
 * @param options.needsKey whether Paddock requires a key
 * @param options.model the composite ID of the initial model, or null
 * @param options.smallModel the composite ID of the model for titles and similar tasks, or null
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
        // opencode waits five minutes for the first byte, and a model that is not loaded may take longer. `false` removes
        // the limit (anomalyco/opencode#46903).
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
      // Two providers, or two models of a provider, may have the same name.
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
 * Divides a window that prompt and answer share, as in llama.cpp. opencode requires `output` in addition to `context`. It
 * requests `output` tokens from the model, and compacts the conversation after a step that used `context - output`
 * tokens. If its own prompt already uses that many, it compacts forever (anomalyco/opencode#45368). So the answer gets a
 * quarter of what the prompt leaves, or an eighth of a small window. If that still leaves too little, `input` is set too
 * high to reach: opencode goes by `input` if it is set, and then compacts only after the provider rejects a prompt.
 * Source: opencode 1.18.33, packages/opencode/src/session/overflow.ts, and maxOutputTokens in provider/transform.ts.
 */
function toLimit(context: number): OpencodeLimit {
  const output = Math.ceil(Math.max(context / 8, (context - OWN_PROMPT) / 4));
  const hasRoom = context - output >= OWN_PROMPT + KEPT;
  return hasRoom ? { context, output } : { context, input: context + MAX_OUTPUT, output };
}
