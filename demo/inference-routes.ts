import type { Context, Hono } from 'hono';
import type { DemoModel } from './demo-model.ts';
import type { HostFailure } from './host-errors.ts';
import { decodePath } from './host-state.ts';
import type { HostState } from './host-state.ts';
import { createLoadingStream } from './loading-stream.ts';
import type { Admission, Lease } from './model-loader.ts';
import { readBody } from './request-body.ts';
import type { RequestBody } from './request-body.ts';

/** Paths whose body names the model. The model server gets the same path, except for one prefix. */
const POST_PATHS = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/completions',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1/embeddings',
  '/v1/rerank',
  '/v1/reranking',
  '/rerank',
  '/reranking',
  '/infill',
  '/completion',
  '/v1/audio/speech',
  '/v1/audio/voices',
  '/v1/audio/transcriptions',
  '/v1/images/generations',
  '/v1/images/edits',
  '/sdapi/v1/txt2img',
  '/sdapi/v1/img2img',
  '/audioapi/v1/tasks/run',
];

/** Paths whose query names the model. */
const GET_PATHS = ['/v1/audio/voices', '/sdapi/v1/loras'];

const AUDIO_API = '/audioapi';
const UPSTREAM = '/upstream/';

/** A request on its way to a model server. */
interface Call {
  request: Request;
  model: DemoModel;
  path: string;
  body: RequestBody;
}

/** Mounts all routes that start a model. */
export function mountInference(app: Hono, state: HostState): void {
  mountBodyRoutes(app, state);
  app.all(`${UPSTREAM}*`, (c) => passThrough(c, state));
  if (state.release === 'old') return;
  for (const path of GET_PATHS) app.get(path, (c) => dispatch(c, state));
  if (state.release === 'current') app.get('/props', (c) => dispatch(c, state));
}

/** Mounts the routes whose body names the model. */
export function mountBodyRoutes(app: Hono, state: HostState): void {
  for (const path of POST_PATHS) app.post(path, (c) => dispatch(c, state));
}

/** Mounts a route whose query may name a model. */
export function mountQueryRoute(
  app: Hono,
  options: { path: string; state: HostState; withoutModel: () => Response },
): void {
  const { path, state, withoutModel } = options;
  app.get(path, (c) => (c.req.query('model') === undefined ? withoutModel() : dispatch(c, state)));
}

async function dispatch(c: Context, state: HostState): Promise<Response> {
  const request = c.req.raw;
  const body = await readBody(request);
  if (body.model === undefined) {
    return state.renderFailure(request, {
      status: 404,
      message: 'no model id could be identified',
    });
  }
  const pinned = state.profiles.pin(body.model);
  if (pinned === null)
    return state.renderFailure(request, { status: 404, message: 'model is disabled' });
  const model = state.models.find(pinned);
  const path = c.req.path.startsWith(AUDIO_API) ? c.req.path.slice(AUDIO_API.length) : c.req.path;
  if (model) return serve(state, { request, model, path, body });
  return state.renderFailure(request, { status: 404, message: 'no router for requested model' });
}

async function passThrough(c: Context, state: HostState): Promise<Response> {
  const request = c.req.raw;
  const path = decodePath(request);
  const pinned = state.profiles.pinPath(path.slice(UPSTREAM.length));
  const found = pinned === null ? undefined : state.models.findInPath(pinned);
  if (!found) return state.renderFailure(request, { status: 404, message: 'model not found' });
  if (found.rest === '/' && !path.endsWith('/')) {
    const status = c.req.method === 'GET' || c.req.method === 'HEAD' ? 301 : 308;
    return c.redirect(`${UPSTREAM}${found.name}/${new URL(c.req.url).search}`, status);
  }
  const body = await readBody(request);
  return serve(state, { request, model: found.model, path: found.rest, body });
}

async function serve(state: HostState, call: Call): Promise<Response> {
  const { model, request, path, body } = call;
  if (model.peer !== undefined) return askServer(state, { ...call, host: model.peer });
  const showsLoading =
    model.sendLoadingState === true &&
    path === '/v1/chat/completions' &&
    body.json['stream'] === true &&
    state.loader.stateOf(model.id) !== 'ready' &&
    !state.loader.isFull(model.id);
  const answer = serveLocally(state, call);
  if (!showsLoading) return answer;
  return createLoadingStream({
    model: model.id,
    answer,
    signal: request.signal,
    sleep: state.sleep,
  });
}

/**
 * Waits for the model, gets the answer of its server, and holds the model until the answer has been sent or the client
 * has disconnected, even if the answer is never read.
 */
async function serveLocally(state: HostState, call: Call): Promise<Response> {
  const { signal } = call.request;
  const admission = await state.loader.acquire(call.model, signal);
  if (!admission.ok) return state.renderFailure(call.request, toFailure(admission));
  const { lease } = admission;
  signal.addEventListener('abort', lease.release, { once: true });
  try {
    const answer = await askServer(state, { ...call, host: state.name, killed: lease.signal });
    if (signal.aborted) lease.release();
    return holdUntilSent(answer, lease);
  } catch (error) {
    lease.release();
    throw error;
  }
}

/** Sends the request to the model server. Returns 502 if the server is killed before it answers. */
async function askServer(
  state: HostState,
  { request, killed, ...call }: Call & { host: string; killed?: AbortSignal },
): Promise<Response> {
  const signal = killed ? AbortSignal.any([killed, request.signal]) : request.signal;
  try {
    const answer = await state.server.answer({ ...call, method: request.method, signal });
    const line = `srv  log_server_r: request: ${request.method} ${call.path} 127.0.0.1 ${answer.status}`;
    state.log.writeModel(call.model.id, line);
    return answer;
  } catch (error) {
    if (!signal.aborted) throw error;
    return new Response(null, { status: 502 });
  }
}

/** Converts a refusal to a failure of llama-swap's scheduler. A client that left does not read it. */
function toFailure({ reason, message }: Extract<Admission, { ok: false }>): HostFailure {
  if (reason === 'full') {
    return { status: 429, message, code: 'concurrency_limit', headers: { 'retry-after': '1' } };
  }
  return { status: 500, message: `unspecific error: ${message}` };
}

/** Releases the lease when the body ends, fails or is cancelled. */
function holdUntilSent(answer: Response, lease: Lease): Response {
  const isStream = answer.headers.get('content-type') === 'text/event-stream';
  if (!isStream || !answer.body) {
    lease.release();
    return answer;
  }
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        lease.release();
        controller.close();
      } catch (error) {
        lease.release();
        controller.error(error);
      }
    },
    async cancel(reason) {
      lease.release();
      await reader.cancel(reason);
    },
  });
  return new Response(body, answer);
}
