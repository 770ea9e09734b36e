import { anthropicDialect, countMessageTokens } from './anthropic-reply.ts';
import { chatDialect } from './chat-reply.ts';
import { completionDialect } from './completion-reply.ts';
import type { DemoModel } from './demo-model.ts';
import { answerEmbeddings } from './embeddings.ts';
import { editImages, generateImages, listLoras, paintFromImage, paintFromText } from './images.ts';
import { infillDialect, nativeDialect } from './native-reply.ts';
import type { ReplyWriter } from './reply.ts';
import type { RequestBody } from './request-body.ts';
import { answerRerank } from './rerank.ts';
import { responsesDialect } from './responses-reply.ts';
import type { ServerRoute } from './server-call.ts';
import { toServerError } from './server-error.ts';
import type { Sleep } from './sleep.ts';
import { addVoice, listVoices, runAudioTask, speak } from './speech.ts';
import { createTextRoute } from './text-route.ts';
import { transcribe } from './transcription.ts';

/** The options of a model server. */
export interface ModelServerOptions {
  sleep: Sleep;
  reply: ReplyWriter;
  tokensPerSecond: number;
}

/** A request that reached the model server. Its path has no prefix of llama-swap. */
interface ModelServerCall {
  /** The host's name, for the text of the reply. */
  host: string;
  model: DemoModel;
  method: string;
  path: string;
  body: RequestBody;
  /** Aborts when the client disconnected or the model was unloaded. */
  signal: AbortSignal;
}

/** The server behind llama-swap. It answers for a loaded model, and rejects when killed. */
export interface ModelServer {
  answer(call: ModelServerCall): Promise<Response>;
}

/** Every model answers all of these routes, except for text, although a real model supports only a few. */
const ROUTES: Record<string, ServerRoute> = {
  'POST /v1/chat/completions': createTextRoute(chatDialect),
  'POST /v1/responses': createTextRoute(responsesDialect),
  'POST /v1/completions': createTextRoute(completionDialect),
  'POST /v1/messages': createTextRoute(anthropicDialect),
  'POST /v1/messages/count_tokens': countMessageTokens,
  'POST /v1/embeddings': answerEmbeddings,
  'POST /v1/rerank': answerRerank,
  'POST /v1/reranking': answerRerank,
  'POST /rerank': answerRerank,
  'POST /reranking': answerRerank,
  'POST /infill': createTextRoute(infillDialect),
  'POST /completion': createTextRoute(nativeDialect),
  'POST /v1/audio/speech': speak,
  'POST /v1/audio/voices': addVoice,
  'GET /v1/audio/voices': listVoices,
  'POST /v1/audio/transcriptions': transcribe,
  'POST /v1/images/generations': generateImages,
  'POST /v1/images/edits': editImages,
  'POST /sdapi/v1/txt2img': paintFromText,
  'POST /sdapi/v1/img2img': paintFromImage,
  'GET /sdapi/v1/loras': listLoras,
  'POST /v1/tasks/run': runAudioTask,
  'GET /props': ({ model }) => Response.json(toProps(model)),
  'GET /health': () => Response.json({ status: 'ok' }),
};

/** Creates the model server of a host. It serves all models of the host. */
export function createModelServer(options: ModelServerOptions): ModelServer {
  const { sleep, reply, tokensPerSecond } = options;
  return {
    answer: async ({ method, path, signal, ...call }) => {
      const route = ROUTES[`${method} ${path}`];
      if (!route) return toServerError(404, 'File Not Found');
      const { host, model } = call;
      const msPerToken = 1000 / (model.tokensPerSecond ?? tokensPerSecond);
      return route({
        ...call,
        writeReply: ({ prompt, toolResult }) =>
          reply({ host, model: model.id, prompt, ...(toolResult !== undefined && { toolResult }) }),
        work: async (tokens) => {
          if (tokens > 0) await sleep(tokens * msPerToken, signal).catch(() => undefined);
          signal.throwIfAborted();
        },
      });
    },
  };
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
    modalities: model.runtimeModalities ?? { vision: names.includes('vision'), audio: false },
    build_info: 'b9120-demo',
  };
}
