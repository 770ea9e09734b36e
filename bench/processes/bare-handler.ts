// A minimal Hono app for the same answers: bytes in memory and one validator. Its arguments are the validator and, as
// `path=file`, the bytes of each path. It prints its port.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { endWithParent } from '../shared/end-with-parent.ts';

endWithParent();
const [etag = '', ...files] = process.argv.slice(2);

const app = new Hono();
for (const file of files) {
  const equals = file.indexOf('=');
  const body = new Uint8Array(readFileSync(file.slice(equals + 1)));
  const cached = { 'cache-control': 'no-cache', etag };
  app.get(file.slice(0, equals), (c) =>
    c.req.header('if-none-match') === etag
      ? c.body(null, 304, cached)
      : c.body(body, 200, { 'content-type': 'application/json', ...cached }),
  );
}

const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log((server.address() as AddressInfo).port);
