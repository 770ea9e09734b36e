import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A simulated host with one model, which writes a text at a steady pace, one token an event as llama-server does. */
export interface WritingHost {
  readonly port: number;
  readonly model: string;
  close(): void;
}

const MODEL = 'steady-writer';

/** Starts the host. Its tokens are the text's words. */
export async function startWritingHost(options: {
  text: string;
  tokensPerSecond: number;
}): Promise<WritingHost> {
  const tokens = options.text.match(/\s*\S+/gu) ?? [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://host');
    if (pathname === '/v1/chat/completions') {
      return write(response, { request, tokens, perSecond: options.tokensPerSecond });
    }
    const answer = ANSWERS[pathname];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, model: MODEL, close };
}

const ANSWERS: Record<string, object | undefined> = {
  '/v1/models': {
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: 1_760_000_000, owned_by: 'llama-swap' }],
  },
  '/running': { running: [{ model: MODEL, state: 'ready' }] },
};

/** Writes by the clock and not by the number of ticks, so that a late timer makes no slower text. */
function write(
  response: ServerResponse,
  stream: { request: IncomingMessage; tokens: readonly string[]; perSecond: number },
): void {
  const { request, tokens, perSecond } = stream;
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const startedAt = performance.now();
  let written = 0;
  const timer = setInterval(() => {
    const due = Math.min(tokens.length, ((performance.now() - startedAt) / 1000) * perSecond);
    for (; written < due; written += 1) response.write(toEvent({ content: tokens[written] }));
    if (written < tokens.length) return;
    clearInterval(timer);
    response.end(`${toEvent({}, 'stop')}data: [DONE]\n\n`);
  }, 1000 / perSecond);
  response.once('close', () => clearInterval(timer));
}

function toEvent(delta: object, finish: 'stop' | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: MODEL, choices };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}
