import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../call.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const head = (name: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`;
const FILE = `${head('file"; filename="a.wav')}${'x'.repeat(8 << 20)}`;
const BODY = `${head('model')}host/m\r\n${FILE}\r\n--b--\r\n`;
const HEADERS = { 'content-type': 'multipart/form-data; boundary=b' };

describe.each(RUNTIMES)(
  'on %s, an upstream that resets the connection during an upload',
  (_name, make) => {
    const host = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.resetAndDestroy());
    });
    let runtime: Runtime;
    let paddock: Instance;
    beforeAll(async () => {
      await once(host.listen(0, '127.0.0.1'), 'listening');
      const { port } = host.address() as AddressInfo;
      runtime = await make();
      paddock = await runtime.start({ PROVIDERS: `host=llama-swap://127.0.0.1:${port}` });
    });
    afterAll(async () => {
      await paddock?.stop();
      await runtime?.close();
      host.close();
    });

    it('is reported to the client as unreachable', async () => {
      for (let time = 0; time < 5; time += 1) {
        const answer = await call(`${paddock.url}/v1/audio/transcriptions`, {
          headers: HEADERS,
          body: BODY,
        });
        expect([answer.status, answer.headers['x-paddock-provider']]).toEqual([502, 'host']);
      }
    });
  },
);
