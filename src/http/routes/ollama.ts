import { Hono, type Context } from 'hono';
import { resolver } from 'hono-openapi';
import type { GenericSchema } from 'valibot';
import { findServed, hasList } from '../../catalog/find-listed.ts';
import { toUnlistedError } from '../../catalog/unlisted-error.ts';
import type { Clock } from '../../clock.ts';
import { parseJsonBody } from '../../gateway/json-body.ts';
import { cutFiles, type CutBody } from '../../ollama/cut-files.ts';
import {
  chatJob,
  embeddingsJob,
  embedJob,
  generateJob,
  type Job,
  type Task,
} from '../../ollama/jobs.ts';
import { writeRequest, type Written } from '../../ollama/openai-request.ts';
import type { ReplySource } from '../../ollama/to-reply-line.ts';
import { translateAnswer } from '../../ollama/translate-answer.ts';
import { requireManaged } from '../../registry/require-provider.ts';
import type { Provider } from '../../registry/provider.ts';
import type { ResolvedModel } from '../../resolve/resolve-model.ts';
import type { Exchange } from '../../telemetry/exchange.ts';
import { toBackground } from '../background.ts';
import { parseJson } from '../json-body.ts';
import type { LoadModel } from '../load-model.ts';
import { requireKnownName } from '../require-known-name.ts';
import type { ConcurrencyLimiter } from '../middleware/limit-concurrency.ts';
import { readExchange } from '../middleware/observe.ts';
import { describe } from '../openapi/describe.ts';
import { translatedAnswers } from '../openapi/error-answers.ts';
import type { UnloadModel } from '../unload-model.ts';
import { requireProviders } from '../view.ts';
import { modelErrors, ollamaModelsRoutes, type OllamaModelsOptions } from './ollama-models.ts';

/** A request that generates nothing loads or unloads the model, which has errors of its own. */
const errors = [...modelErrors, 'unsupported_by_provider', 'provider_timeout'] as const;

interface OllamaOptions extends OllamaModelsOptions {
  /** Null without a concurrency limit. */
  readonly limiter: ConcurrencyLimiter | null;
  readonly loadModel: LoadModel;
  readonly unloadModel: UnloadModel;
  readonly clock: Clock;
}

/** A request, and the model that it means. */
interface Asked {
  readonly task: Task;
  readonly provider: Provider;
  readonly resolved: ResolvedModel;
  readonly exchange: Exchange;
}

/** Writes the request for a provider: the client's own if the provider has Ollama's API. */
function write(
  { task, provider: { kind }, resolved: { model } }: Asked,
  { bytes, files }: CutBody,
): Written {
  const { ollamaBase, speaks } = kind;
  if (ollamaBase === null) return writeRequest(task.toRequest({ model, speaks }), files);
  const body = parseJsonBody(bytes).withModel(model);
  return { path: `${ollamaBase}/api/${task.route}`, body };
}

/** Creates the routes of Ollama's API. */
export function ollamaRoutes(options: OllamaOptions) {
  const { settings, gateway, limiter, snapshots, loadModel, unloadModel, clock } = options;
  const { registry } = settings;
  const toReader = (c: Context) => () =>
    snapshots.read({ refresh: false, background: toBackground(c) });

  const toSource = ({ task, provider, resolved, exchange }: Asked): ReplySource => ({
    route: task.route,
    model: task.model || resolved.id,
    provider: provider.name,
    elapsed: () => clock.monotonic() - exchange.beganAt,
    now: () => new Date(clock.wall()).toISOString(),
  });

  /** Sends a request's translation, and translates the answer. */
  async function relay(
    client: Request,
    { asked, written }: { asked: Asked; written: Written },
  ): Promise<Response> {
    const { task, provider, resolved, exchange } = asked;
    const answer = await gateway.relayWritten({ client, exchange, provider, resolved, ...written });
    if (provider.kind.ollamaBase !== null) return answer;
    const source = toSource(asked);
    const { isStreamed, toWhole } = task;
    const { response, lines } = await translateAnswer({
      answer,
      client,
      source,
      isStreamed,
      toWhole,
      clock,
    });
    exchange.tail =
      lines === null ? null : { add: () => {}, isUnfinished: () => lines.state !== 'complete' };
    return response;
  }

  /** Answers a request that generates nothing: it loads or unloads the model, if the provider can do that. */
  async function answerEmpty(c: Context, asked: Asked): Promise<Response> {
    const { resolved, task } = asked;
    const { id, provider, model } = resolved;
    const snapshot = await toReader(c)();
    const listed = findServed(id, snapshot);
    const can = task.isUnload ? 'unload' : 'load';
    // A peer's own server loads the model, with the next request.
    if (asked.provider.kind[can] === null || listed?.kind === 'peer') {
      if (listed === null && hasList(provider, snapshot)) {
        throw toUnlistedError(resolved, { snapshot, route: '/api/tags' });
      }
    }
    // A provider may serve models that it does not list.
    else if (can === 'load') await loadModel(c, resolved);
    else await unloadModel(requireManaged(provider, { registry, can }), model);
    return c.json(task.toEmpty(toSource(asked), can), 200);
  }

  function infer<S extends GenericSchema>(job: Job<S>) {
    const requestBody = {
      required: true,
      content: { 'application/json': { schema: resolver(job.schema) } },
    };
    const answers = translatedAnswers(job);
    const { summary } = job;
    return describe(
      { tag: 'ollama', summary, answers, errors, errorShape: 'ollama', requestBody },
      async (c: Context) => {
        requireProviders(settings);
        limiter?.acquire(c);
        const client = c.req.raw;
        const exchange = readExchange(c);
        const bytes = await gateway.readBody({ client, exchange });
        const { bytes: short, files } = cutFiles(bytes);
        const task = job.toTask(parseJson(short, job.schema));
        const readSnapshot = toReader(c);
        const named = await requireKnownName(task.model, { settings, readSnapshot });
        const asked = { task, exchange, ...named };
        if (task.isEmpty && named.provider.kind.ollamaBase === null) return answerEmpty(c, asked);
        return relay(client, { asked, written: write(asked, { bytes, files }) });
      },
    );
  }

  return new Hono()
    .route('/', ollamaModelsRoutes(options))
    .post('/api/chat', infer(chatJob))
    .post('/api/generate', infer(generateJob))
    .post('/api/embed', infer(embedJob))
    .post('/api/embeddings', infer(embeddingsJob));
}
