import { OPENCODE_NAMESPACE, toOpencodeRef } from '../resolve/opencode-ref.ts';
import { canChat, pickChatModel } from './can-chat.ts';
import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './model.ts';
import { toOpencodeLimit } from './opencode-limit.ts';
import { KEY_OF_ENVIRONMENT, type OpencodeConfig, type OpencodeModel } from './opencode-schema.ts';

/**
 * Converts the catalog to an opencode configuration. It contains every model that chats, and also defaults whose provider
 * is offline, because opencode rejects a reference to a model that is not listed. It always names a model if there is
 * one: opencode would start with the first of the list in its own order.
 * A model's fields are written only if the catalog knows better than opencode's own assumptions: text only, with tools.
 * Source of the fields: opencode 1.18.33, packages/core/src/v1/config/provider.ts.
 * @param options.baseUrl Paddock's address as the client reaches it, without `/v1`
 * @param options.needsKey whether Paddock requires a key
 * @param options.model the composite ID of the initial model; null to pick one
 * @param options.smallModel the composite ID of the model for titles and similar tasks, or null
 */
export function toOpencodeConfig(
  catalog: Catalog,
  options: { baseUrl: string; needsKey: boolean; model: string | null; smallModel: string | null },
): OpencodeConfig {
  const { baseUrl, needsKey, smallModel } = options;
  const model = options.model ?? pickChatModel(catalog)?.id ?? null;
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
  const named = [...catalog.favorites, ...rest].filter(canChat).map((model) => ({
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
  const listed = new Set(allModels(catalog).flatMap((model) => (canChat(model) ? [model.id] : [])));
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
    ...(contextWindow !== null && { limit: toOpencodeLimit(contextWindow) }),
  };
}
