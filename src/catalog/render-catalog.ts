import type { Catalog } from './catalog.ts';
import type { MergedCatalog } from './merge-catalog.ts';
import type { OpenAiModel } from './openai-models.ts';
import type { Steps } from '../steps.ts';

/** A JSON document, and its content without the times of the probes. Both are in parts: no string is very long. */
export interface Rendering {
  readonly body: readonly string[];
  /** Equal for two documents that differ only in these times. */
  readonly identity: readonly string[];
}

const STEP = 200;

/** Renders the catalog for `GET /api/models`. */
export function* renderCatalog(catalog: MergedCatalog): Steps<Rendering> {
  const { generatedAt, providers, details: _details, running: _running, ...rest } = catalog;
  const head = JSON.stringify(rest).slice(1, -1);
  const body = [`{"generatedAt":"${generatedAt}",${head},"providers":[`];
  const identity = [head];
  // Models are most of a catalog, so they are serialized once, for both the body and its identity.
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

/** Renders the providers for `GET /api/providers`. */
export function renderProviders({ providers }: Catalog): Rendering {
  const counted = providers.map(({ models, ...rest }) => ({ ...rest, modelCount: models.length }));
  const timeless = counted.map(
    ({ checkedAt: _at, lastSeenAt: _seen, latencyMs: _ms, ...rest }) => rest,
  );
  return {
    body: [JSON.stringify({ providers: counted })],
    identity: [JSON.stringify(timeless)],
  };
}

/** Renders llama-swap's message `modelStatus`, as a stream of events sends it. */
export function* renderModelStatus(models: readonly unknown[]): Steps<Rendering> {
  const body = [`event:message\ndata:{"type":"modelStatus","data":"[`];
  for (const part of yield* renderList(models)) {
    // The data of llama-swap's messages is JSON within a text within JSON.
    body.push(JSON.stringify(part).slice(1, -1));
    yield;
  }
  body.push(']"}\n\n');
  return { body, identity: body };
}

/** Renders models as an OpenAI list. */
export function* renderModelList(models: readonly OpenAiModel[]): Steps<Rendering> {
  const list = yield* renderList(models);
  const body = ['{"object":"list","data":[', ...list, ']}'];
  return { body, identity: body };
}

/** Serializes values as JSON, separated by commas. */
function* renderList(values: readonly unknown[]): Steps<readonly string[]> {
  const parts: string[] = [];
  for (let start = 0; start < values.length; start += STEP) {
    if (start > 0) yield;
    const text = JSON.stringify(values.slice(start, start + STEP));
    parts.push(`${start === 0 ? '' : ','}${text.slice(1, -1)}`);
  }
  return parts;
}
