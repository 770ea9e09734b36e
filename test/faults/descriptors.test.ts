import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call } from '../call.ts';
import { modelList, whileTesting } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { makeFolder } from '../make-app.ts';
import { openRaw, type RawSocket } from '../raw-socket.ts';
import { startRecorder, type Reply } from '../recorder.ts';
import { SERVERS, startForTest, startServer, type Server } from '../runtimes/runtimes.ts';

const LIMIT = 64;

/** Limits the number of open files and connections of a server. */
function withFewDescriptors({ command, program }: Server): Server {
  const wrapper = join(makeFolder(), 'run');
  writeFileSync(wrapper, `#!/bin/sh\nulimit -n ${LIMIT}\nexec '${command}' "$@"\n`);
  chmodSync(wrapper, 0o700);
  return { command: wrapper, program };
}

/** Closes the connection after each answer, and never answers the model `waits`. */
const answer: Reply = (response, { url, body }) => {
  if (String(body).includes('waits')) return;
  const json = url === '/running' ? { running: [] } : modelList('m');
  response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(json));
};

const toChat = (model: string) => {
  const body = `{"model":"${model}"}`;
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};

describe.each(SERVERS)(`on %s with ${LIMIT} file descriptors`, (_name, server) => {
  const start = async () => {
    const host = await whileTesting(startRecorder(answer));
    const settings = {
      PROVIDERS: `ip=llama-swap://127.0.0.1:${host.port} name=llama-swap://localhost:${host.port}`,
      CATALOG_TTL_MS: '100',
    };
    const paddock = await startForTest(
      startServer(withFewDescriptors(server), { cwd: makeFolder(), settings }),
    );
    const { url } = paddock;
    const read = async (path: string) => {
      const { status, text } = await call(url + path, { method: 'GET' });
      return { status, json: JSON.parse(text) };
    };
    const readStates = async () => {
      const { json } = await read('/api/providers?refresh=1');
      return json.providers.map(({ status, error }: Record<string, unknown>) => [status, error]);
    };
    const opened = () => readdirSync(`/proc/${paddock.pid}/fd`).length;
    const clients: RawSocket[] = [];
    onTestFinished(() => clients.forEach(({ socket }) => socket.destroy()));
    /** Opens a connection with a request. */
    const connect = async () => {
      const client = openRaw(url, 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
      clients.push(client);
      const isAnswered = () => client.received().includes('"ok"') || client.socket.destroyed;
      for (let waits = 0; waits < 20 && !isAnswered(); waits += 1) await sleep(25);
      return client;
    };
    return { paddock, url, read, readStates, opened, connect, clients };
  };
  const ONLINE = [
    ['online', null],
    ['online', null],
  ];
  const chat = async (url: string, model: string) =>
    (await call(`${url}/v1/chat/completions`, { body: `{"model":"${model}"}` })).status;

  it.each([
    ['address', 'ip'],
    ['name', 'name'],
  ])(
    'returns 503 overloaded, keeps providers online and recovers: provider by %s',
    async (_by, provider) => {
      const { paddock, url, readStates, opened, connect, clients } = await start();
      expect(await readStates()).toEqual(ONLINE);
      // Each of them needs another connection to the upstream.
      while (opened() < LIMIT - 12) await connect();
      const [catalog, ...others] = clients.toReversed();
      for (const { socket } of others) socket.write(toChat(`${provider}/waits`));
      catalog?.socket.write('GET /api/providers?refresh=1 HTTP/1.1\r\nhost: localhost\r\n\r\n');
      const refused = () => others.find(({ received }) => received().includes('HTTP/1.1 503 '));
      await expect.poll(refused).toBeDefined();
      expect(refused()?.received()).toMatch(/^retry-after: 1\r$/im);
      expect(refused()?.received()).toMatch(/no free file descriptors.*"overloaded"/);
      await expect.poll(() => catalog?.received()).toContain('"providers"');
      const said = /\{"providers".*\}/s.exec(catalog?.received() ?? '')?.[0] ?? '{}';
      const { providers } = JSON.parse(said) as { providers: Record<string, unknown>[] };
      expect(providers.map(({ status, error }) => [status, error])).toEqual(ONLINE);
      const answers = clients.flatMap(
        ({ received }) => received().match(/HTTP\/1.1 [3-5]\d\d/gu) ?? [],
      );
      expect([...new Set(answers)]).toEqual(['HTTP/1.1 503']);
      expect(paddock.output()).not.toMatch(/provider_unreachable|internal_error/);
      expect(readLines(paddock.output())).toContainEqual(
        expect.objectContaining({ level: 'error', code: 'overloaded', reason: expect.any(String) }),
      );

      for (const { socket } of clients) socket.destroy();
      await expect.poll(() => opened(), { timeout: 5000 }).toBeLessThan(LIMIT - 20);
      expect(await chat(url, 'ip/m')).toBe(200);
      expect(await chat(url, 'name/m')).toBe(200);
      expect(await readStates()).toEqual(ONLINE);
    },
  );

  it('accepts new clients while others hold idle connections', async () => {
    const { paddock, url, connect } = await start();
    await Promise.all(Array.from({ length: LIMIT }, connect));
    const ask = () => chat(url, 'ip/m').catch(() => null);
    await expect.poll(ask, { timeout: 10_000 }).toBe(200);
    const warnings = () =>
      readLines(paddock.output())
        .filter(({ level }) => level === 'warn')
        .map(({ msg }) => msg);
    await expect.poll(warnings).toEqual([expect.stringContaining('LimitNOFILE')]);
  });
});
