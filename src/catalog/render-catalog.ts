import type { Catalog, CatalogProvider } from './merge-catalog.ts';
import type { CatalogModel } from './model.ts';
import { finish, type Steps } from './steps.ts';

/** A JSON document, and what it says apart from the times at which it was found out. */
export interface Rendering {
  readonly body: string;
  /** Equal for two documents that say the same. */
  readonly identity: string;
}

/** How many models are put into text in one step. */
const STEP = 200;

/** The catalog as `GET /api/models` answers it. */
export function renderCatalog(catalog: Catalog): Rendering {
  return finish(renderCatalogInSteps(catalog));
}

/** The same, in steps. */
export function* renderCatalogInSteps(catalog: Catalog): Steps<Rendering> {
  const { generatedAt, providers, ...rest } = catalog;
  const head = JSON.stringify(rest).slice(1, -1);
  let body = `{"generatedAt":"${generatedAt}",${head},"providers":[`;
  let identity = head;
  // Most of a catalog is its models, so each group is put into text once, for both the body and its identity.
  for (const [index, provider] of providers.entries()) {
    const group = yield* renderGroup(provider);
    body += index === 0 ? group.body : `,${group.body}`;
    identity += group.identity;
  }
  return { body: `${body}]}`, identity };
}

/** The providers as `GET /api/providers` answers them. */
export function renderProviders({ providers }: Catalog): Rendering {
  const counted = providers.map(({ models, ...rest }) => ({ ...rest, modelCount: models.length }));
  const timeless = counted.map(
    ({ checkedAt: _at, lastSeenAt: _seen, latencyMs: _ms, ...rest }) => rest,
  );
  return {
    body: JSON.stringify({ providers: counted }),
    identity: JSON.stringify(timeless),
  };
}

/** The models of all online providers as OpenAI lists them, favorites first, each once. */
export function renderModelList(catalog: Catalog): Rendering {
  return finish(renderModelListInSteps(catalog));
}

/** The same, in steps. */
export function* renderModelListInSteps(catalog: Catalog): Steps<Rendering> {
  let list = yield* renderList(catalog.favorites.map(toOpenAiModel));
  for (const { models } of catalog.providers) {
    const rest = models.filter((model) => !model.favorite);
    const group = yield* renderList(rest.map(toOpenAiModel));
    list += list !== '' && group !== '' ? `,${group}` : group;
  }
  const body = `{"object":"list","data":[${list}]}`;
  return { body, identity: body };
}

/** One model as OpenAI describes it. Nobody knows when it was created, so `created` is 0. */
export function toOpenAiModel({ id, provider, contextWindow }: CatalogModel) {
  const model = { id, object: 'model', created: 0, owned_by: provider } as const;
  return contextWindow === null ? model : { ...model, context_length: contextWindow };
}

function* renderGroup(provider: CatalogProvider): Steps<Rendering> {
  const { checkedAt, lastSeenAt, latencyMs, models, ...rest } = provider;
  const head = JSON.stringify(rest).slice(1, -1);
  const list = `[${yield* renderList(models)}]`;
  const times = `"checkedAt":${JSON.stringify(checkedAt)},"lastSeenAt":${JSON.stringify(lastSeenAt)},"latencyMs":${latencyMs}`;
  return { body: `{${head},${times},"models":${list}}`, identity: `${head}${list}` };
}

/** Values as JSON, with commas between them. */
function* renderList(values: readonly unknown[]): Steps<string> {
  if (values.length <= STEP) return JSON.stringify(values).slice(1, -1);
  let text = '';
  for (let start = 0; start < values.length; start += STEP) {
    if (start > 0) yield;
    const part = JSON.stringify(values.slice(start, start + STEP)).slice(1, -1);
    text += start === 0 ? part : `,${part}`;
  }
  return text;
}
