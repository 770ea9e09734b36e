import type { Context, Hono } from 'hono';
import { decodePath } from './host-state.ts';
import type { HostState } from './host-state.ts';

const STREAM = '/logs/stream';
const HEADERS = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };

/** Mounts the routes of the log. As by llama-swap's default, the whole log has only the host's own lines. */
export function mountLogs(app: Hono, state: HostState): void {
  app.get('/logs', (c) => c.body(state.log.read('proxy'), 200, HEADERS));
  app.get(STREAM, (c) => streamLog(c, { state, part: 'proxy' }));
  if (state.release === 'old') return;
  app.get(`${STREAM}/*`, (c) => {
    const name = decodePath(c.req.raw).slice(STREAM.length + 1);
    if (name === 'proxy' || name === 'upstream') return streamLog(c, { state, part: name });
    const model = state.models.find(name);
    if (model && model.peer === undefined) {
      return streamLog(c, { state, part: { model: model.id } });
    }
    const message = "invalid logger. Use 'proxy', 'upstream' or a model's ID";
    return state.renderFailure(c.req.raw, { status: 400, message });
  });
}

/** Sends the lines that are kept, and then new ones. Like Go's server, it sends no headers before the first line. */
function streamLog(
  c: Context,
  { state, part }: { state: HostState; part: Parameters<HostState['log']['read']>[0] },
): Promise<Response> {
  const { signal } = c.req.raw;
  const { log } = state;
  return new Promise((resolve) => {
    let stop = () => {};
    const encoder = new TextEncoder();
    let begin = () => {
      begin = () => {};
      resolve(new Response(body, { headers: HEADERS }));
    };
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (text: string) => {
          if (text === '') return;
          controller.enqueue(encoder.encode(text));
          begin();
        };
        queueMicrotask(() => send(log.read(part)));
        stop = log.follow(part, send);
      },
      cancel: () => stop(),
    });
    signal.addEventListener('abort', () => {
      stop();
      // The client is gone.
      resolve(new Response(null, { status: 499 }));
    });
  });
}
