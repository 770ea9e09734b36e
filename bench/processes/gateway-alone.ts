// The gateway alone on the runtime's own transport, without log, metrics, request IDs, keys and guards. What Paddock costs
// beyond it is the cost of those. Its argument is PROVIDERS; it prints its port.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { endWithParent } from '../shared/end-with-parent.ts';
import { createExchange } from '../../src/telemetry/exchange.ts';
import { createRedact } from '../../src/telemetry/redact.ts';
import { createBodyMemory } from '../../src/gateway/body-memory.ts';
import { BODY_MS } from '../../src/gateway/read-bytes.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { SANDBOXED } from '../../src/gateway/page-guards.ts';
import { webInbound, type Inbound } from '../../src/gateway/inbound.ts';
import type { Transport } from '../../src/gateway/transport.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { openUpstreams } from '../../src/runtime/open-upstreams.ts';
import { createNodeTransport } from '../../src/runtime/node/node-transport.ts';
import { CHAT_PATH } from '../gateway/exchanges.ts';

endWithParent();
const settings = parseSettings({ PROVIDERS: process.argv[2] });

function createApp({ inbound, transport }: { inbound: Inbound; transport: Transport }) {
  const gateway = createGateway({
    settings,
    inbound,
    transport,
    bodyLimits: {
      maxBytes: settings.maxBodyBytes,
      withinMs: BODY_MS,
      clock: systemClock,
      memory: createBodyMemory(settings.bodyMemoryBytes),
    },
    guards: SANDBOXED,
    noteBareId: () => {},
    redact: createRedact([]),
  });
  const exchange = createExchange({ id: 'one', method: 'POST', path: CHAT_PATH, beganAt: 0 });
  return new Hono().post(CHAT_PATH, (c) =>
    gateway.relayBody({ client: c.req.raw, exchange, path: null }),
  );
}

async function listenOnNode(): Promise<number> {
  const { inbound, transport, serve } = createNodeTransport();
  const handle = serve(createApp({ inbound, transport }).fetch);
  const server = createAdaptorServer({
    fetch: (request, bindings) => handle(request, bindings as HttpBindings),
  }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function listenOnBun(): number {
  const { transport } = openUpstreams();
  const { fetch: handle } = createApp({ inbound: webInbound, transport });
  const server = Bun.serve({ fetch: handle, hostname: '127.0.0.1', port: 0, idleTimeout: 0 });
  return server.port ?? 0;
}

console.log(process.versions['bun'] === undefined ? await listenOnNode() : listenOnBun());
