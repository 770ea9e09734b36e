// A process of many simulated hosts. Each argument is one herd, `awake:models:hanging`: so many hosts that list so
// many models each, and so many that accept a connection and never answer. Prints the ports of each herd.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endWithParent } from './end-with-parent.ts';
import { toModelList, toRunning } from './host-answers.ts';

endWithParent();
console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(startHerd))));

async function startHerd(text: string): Promise<number[]> {
  const [awake = 0, models = 0, hanging = 0] = text.split(':').map(Number);
  const hosts = [
    ...Array.from({ length: awake }, (_, index) => answer(index, models)),
    ...Array.from({ length: hanging }, () => () => {}),
  ];
  return Promise.all(hosts.map(listen));
}

async function listen(host: RequestListener): Promise<number> {
  const server = createServer(host).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

// Rendered once, so that a round of probes costs the herd as little as it can.
function answer(host: number, models: number): RequestListener {
  const answers: Record<string, Buffer | undefined> = {
    '/v1/models': Buffer.from(JSON.stringify(toModelList(host, models))),
    '/running': Buffer.from(JSON.stringify(toRunning(host, models))),
  };
  return (request, response) => {
    const body = answers[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(body);
  };
}
