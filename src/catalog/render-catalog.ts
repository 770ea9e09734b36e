import type { Catalog } from './catalog.ts';
import type { CatalogModel } from './model.ts';
import { toOpenAiModel } from './openai-models.ts';
import { finish, type Steps } from './steps.ts';

/** A JSON document, and what it says apart from the times at which it was found out. */
export interface Rendering {
  readonly body: string;
  /** Equal for two documents that say the same. */
  readonly identity: string;
}

/** A rendering in parts: a large document is never one text. */
export interface PartedRendering {
  readonly body: readonly string[];
  readonly identity: readonly string[];
}

/** How many models are put into text in one step. */
const STEP = 200;

/** The catalog as `GET /api/models` answers it. */
export function renderCatalog(catalog: Catalog): Rendering {
  return join(finish(renderCatalogInSteps(catalog)));
}

/** The same, in steps. */
export function* renderCatalogInSteps(catalog: Catalog): Steps<PartedRendering> {
  const { generatedAt, providers, ...rest } = catalog;
  const head = JSON.stringify(rest).slice(1, -1);
  const body = [`{"generatedAt":"${generatedAt}",${head},"providers":[`];
  const identity = [head];
  // Most of a catalog is its models, so they are put into text once, for both the body and its identity.
  for (const [index, provider] of providers.entries()) {
    const { checkedAt, lastSeenAt, latencyMs, models, ...group } = provider;
    const text = JSON.stringify(group).slice(1, -1);
    const times = `"checkedAt":${JSON.stringify(checkedAt)},"lastSeenAt":${JSON.stringify(lastSeenAt)},"latencyMs":${latencyMs}`;
    const list = yield* renderList(models);
    body.push(`${index === 0 ? '' : ','}{${text},${times},"models":[`, ...list, ']}');
    identity.push(text, ...list);
  }
  body.push(']}');
  return { body, identity };
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
  return join(finish(renderModelListInSteps(catalog)));
}

/** The same, in steps. */
export function* renderModelListInSteps(catalog: Catalog): Steps<PartedRendering> {
  const rest = catalog.providers.flatMap(({ models }) => models.filter((model) => !model.favorite));
  const list = yield* renderList([...catalog.favorites, ...rest], toOpenAiModel);
  const body = ['{"object":"list","data":[', ...list, ']}'];
  return { body, identity: body };
}

/** Models as JSON, with commas between them. */
function* renderList(
  models: readonly CatalogModel[],
  toValue: (model: CatalogModel) => unknown = (model) => model,
): Steps<readonly string[]> {
  const parts: string[] = [];
  for (let start = 0; start < models.length; start += STEP) {
    if (start > 0) yield;
    const values = models.slice(start, start + STEP).map(toValue);
    parts.push(`${start === 0 ? '' : ','}${JSON.stringify(values).slice(1, -1)}`);
  }
  return parts;
}

function join({ body, identity }: PartedRendering): Rendering {
  return { body: body.join(''), identity: identity.join('') };
}
