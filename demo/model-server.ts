import { createChatReply, parseChatAsk, toChunks, toCompletion } from './chat-reply.ts';
import type { ReplyChunk, ReplyWriter } from './chat-reply.ts';
import type { DemoModel } from './demo-model.ts';
import { toEventStream } from './event-stream.ts';
import type { Sleep } from './sleep.ts';

/** How a host's model servers write. */
export interface ModelServerOptions {
  sleep: Sleep;
  reply: ReplyWriter;
  tokensPerSecond: number;
}

/** A request that reached the model server, its path without llama-swap's prefix. */
interface ModelServerCall {
  /** Who answers, for the text of the reply. */
  host: string;
  model: DemoModel;
  method: string;
  path: string;
  body: string;
  /** Aborts when the client left or the model was unloaded. */
  signal: AbortSignal;
}

/** What stands behind llama-swap: answers for a model that is loaded, and rejects when killed. */
export interface ModelServer {
  answer(call: ModelServerCall): Promise<Response>;
}

/** Builds the llama-server of a host; one serves all its models. */
export function createModelServer(options: ModelServerOptions): ModelServer {
  const routes: Record<string, (call: ModelServerCall) => Response | Promise<Response>> = {
    'POST /v1/chat/completions': (call) => answerChat(call, options),
    'GET /props': (call) => Response.json(toProps(call.model)),
    'GET /health': () => Response.json({ status: 'ok' }),
  };
  return {
    answer: async (call) => {
      const route = routes[`${call.method} ${call.path}`];
      return route ? route(call) : toServerError(404, 'File Not Found');
    },
  };
}

async function answerChat(call: ModelServerCall, options: ModelServerOptions): Promise<Response> {
  const ask = parseChatAsk(call.body);
  if (!ask) return toServerError(400, '"messages" is required');
  const text = options.reply({ host: call.host, model: call.model.id, prompt: ask.prompt });
  const reply = createChatReply(ask, text);
  const chunks = writeAtPace(toChunks(reply, ask.includeUsage), { ...call, ...options });
  if (ask.stream) return toEventStream(chunks);
  for await (const _ of chunks); // the whole reply takes as long as a streamed one
  return Response.json(toCompletion(reply));
}

/** Waits before each chunk as long as its tokens take to write; throws once the signal aborts. */
async function* writeAtPace(
  chunks: Iterable<ReplyChunk>,
  { model, signal, sleep, tokensPerSecond }: ModelServerCall & ModelServerOptions,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const msPerToken = 1000 / (model.tokensPerSecond ?? tokensPerSecond);
  for (const { event, tokens } of chunks) {
    if (tokens > 0) await sleep(tokens * msPerToken, signal).catch(() => undefined);
    signal.throwIfAborted();
    yield encoder.encode(event);
  }
}

function toProps(model: DemoModel): object {
  const names = model.capabilities ?? [];
  return {
    default_generation_settings: {
      id: 0,
      n_ctx: model.runtimeContext ?? model.contextLength ?? 8192,
      params: { temperature: 0.8, top_k: 40, top_p: 0.95 },
    },
    total_slots: 1,
    model_alias: model.id,
    model_path: `/srv/models/${model.id}.gguf`,
    modalities: { vision: names.includes('vision'), audio: false },
    build_info: 'b9120-demo',
  };
}

/** An error of the model server, whose shape differs from llama-swap's own. */
function toServerError(code: number, message: string): Response {
  const type = code === 404 ? 'not_found_error' : 'invalid_request_error';
  return Response.json({ error: { code, message, type } }, { status: code });
}
