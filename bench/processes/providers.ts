// Many simulated llama-swap providers in one process. Its arguments are how many there are and how many models each
// lists. It prints their ports.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toModelList, toRunning } from '../catalog/provider-answers.ts';
import { endWithParent } from '../shared/end-with-parent.ts';

endWithParent();
const [providers = 0, models = 0] = process.argv.slice(2).map(Number);
const listeners = Array.from({ length: providers }, (_, index) => createListener(index));
console.log(JSON.stringify(await Promise.all(listeners.map(listen))));

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

// Rendered once, so that probes cost this process as little as possible.
function createListener(provider: number): RequestListener {
  const answers: Record<string, Buffer | undefined> = {
    '/v1/models': Buffer.from(JSON.stringify(toModelList(provider, models))),
    '/running': Buffer.from(JSON.stringify(toRunning(provider, models))),
  };
  return (request, response) => {
    const body = answers[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(body);
  };
}
