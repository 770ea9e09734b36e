import { afterAll, beforeAll, describe, it } from 'vitest';
import { startImpatientHost, tryAfter } from '../idle-tries.ts';
import { SERVERS, makeRuntime, type Instance, type Runtime } from '../runtimes/runtimes.ts';
import type { RawHost } from '../trust/raw-host.ts';

const CASES = [
  { name: 'short', idleMs: 50 },
  { name: 'brief', idleMs: 200 },
  { name: 'second', idleMs: 1000 },
  { name: 'hinted-second', idleMs: 1000, hint: 'timeout=1' },
  { name: 'gunicorn', idleMs: 2000 },
  { name: 'uvicorn', idleMs: 5000 },
  { name: 'node', idleMs: 5000, hint: 'timeout=5' },
];

describe.concurrent.each(SERVERS)(
  'on %s, a provider that closes idle connections',
  (_name, server) => {
    const hosts = new Map<string, RawHost>();
    let runtime: Runtime;
    let paddock: Instance;

    beforeAll(async () => {
      for (const { name, ...host } of CASES) hosts.set(name, await startImpatientHost(host));
      runtime = makeRuntime(server);
      const entries = [...hosts].map(([name, { port }]) => `${name}=openai://127.0.0.1:${port}`);
      paddock = await runtime.start({ PROVIDERS: entries.join(' ') });
    });
    afterAll(async () => {
      await paddock?.stop();
      await runtime?.close();
      for (const host of hosts.values()) await host.close();
    });

    it.concurrent.for(CASES)(
      'loses no request and gets none twice after $idleMs ms: $name',
      async ({ name, idleMs }, { expect: expects }) => {
        const host = hosts.get(name);
        if (host === undefined) throw new Error('The provider was not started');
        const at = { url: paddock.url, provider: name, host };
        const learning = await tryAfter(at, { idleMs, clients: 20, rounds: 2 });
        const learned = await tryAfter(at, { idleMs, clients: 20, rounds: 10 });
        expects(learning.lost.length).toBeLessThanOrEqual(2);
        expects(learned).toEqual({ tries: 200, lost: [], doubled: 0 });
        expects(learning.doubled).toBe(0);
      },
    );
  },
);
