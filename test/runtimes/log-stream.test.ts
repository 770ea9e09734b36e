import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../make-app.ts';
import { startOnTerminal } from '../programs/paddock-process.ts';
import { openRaw } from '../raw-socket.ts';
import { BUN, NODE, startForTest, startServer, type Server } from './runtimes.ts';

const SETTINGS = { PROVIDERS: 'a=llama-swap://127.0.0.1:9', HOST: '127.0.0.1' };

/** Asks for so many answers, some at a time, and how long the slowest of them took, in milliseconds. */
async function ask(url: string, count: number): Promise<number> {
  let left = count;
  let slowest = 0;
  const asker = async () => {
    while (left-- > 0) {
      const askedAt = performance.now();
      const answer = await fetch(`${url}/health`);
      expect([answer.status, await answer.text()]).toEqual([200, '{"status":"ok"}']);
      slowest = Math.max(slowest, performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: 8 }, asker));
  return slowest;
}

/** A script of a shell in place of what a server runs on; `"$@"` in it is the program and its arguments. */
function wrap({ program }: Server, script: string): Server {
  const command = join(makeFolder(), 'command.sh');
  writeFileSync(command, `#!/bin/sh\nexec ${script}\n`);
  chmodSync(command, 0o755);
  return { command, program };
}

const toMessages = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => String(JSON.parse(line).msg));

const countRequests = (output: string) =>
  toMessages(output).filter((message) => message === 'GET /health 200').length;

describe.each([
  ['Node', NODE, '--import'],
  ['Bun', BUN, '--preload'],
])('the log of a process on %s', (_name, server, preload) => {
  const start = (other: Server = server, settings: Record<string, string> = {}) =>
    startForTest(startServer(other, { cwd: makeFolder(), settings: { ...SETTINGS, ...settings } }));

  it('is written soon, and what is wrong at once', async () => {
    const paddock = await start();
    await ask(paddock.url, 3);
    await expect.poll(() => countRequests(paddock.output()), { timeout: 1000 }).toBe(3);
    await fetch(`${paddock.url}/v1/chat/completions`, { method: 'POST', body: '{"model":"a/m"}' });
    await expect
      .poll(() => toMessages(paddock.output()).at(-1), { timeout: 1000, interval: 10 })
      .toMatch(/^POST .* 502: a refused/);
  });

  it('has no line of a request that its level hides', async () => {
    const paddock = await start(server, { LOG_LEVEL: 'error', HOST: '0.0.0.0' });
    await ask(paddock.url.replace('0.0.0.0', '127.0.0.1'), 20);
    await sleep(300);
    expect(toMessages(paddock.output())).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is whole when %s ends it', async (signal) => {
    const paddock = await start();
    await ask(paddock.url, 500);
    paddock.signal(signal);
    expect(await paddock.ended).toBe(0);
    expect(countRequests(paddock.output())).toBe(500);
    expect(toMessages(paddock.output()).at(-1)).toMatch(/^Ending/);
  });

  it.each([
    ['an exception that nobody caught', "throw new Error('boom')"],
    ['a rejection that nobody handled', "Promise.reject(new Error('boom'))"],
  ])('is whole when %s ends it', async (_what, fault) => {
    const planted = join(makeFolder(), 'planted.mjs');
    writeFileSync(planted, `process.on('SIGUSR2', () => setTimeout(() => { ${fault}; }, 0));\n`);
    const { command } = server;
    const paddock = await start(wrap(server, `'${command}' ${preload} '${planted}' "$@"`));
    await ask(paddock.url, 200);
    paddock.signal('SIGUSR2');
    expect(await paddock.ended).toBe(1);
    expect(countRequests(paddock.output())).toBe(200);
    expect(paddock.output()).toContain('boom');
  });

  it('that nobody reads holds nobody up, and says later how much of it is missing', async () => {
    const paddock = await start();
    paddock.stderr.pause();
    expect(await ask(paddock.url, 8000)).toBeLessThan(1000);
    paddock.stderr.resume();
    const find = () => /(\d+) lines of this log are missing/.exec(paddock.output())?.[1];
    await expect.poll(find, { timeout: 5000 }).toBeDefined();
    await ask(paddock.url, 5);
    paddock.signal('SIGTERM');
    expect(await paddock.ended).toBe(0);
    expect(countRequests(paddock.output()) + Number(find())).toBe(8005);
  });

  it('that nobody ever reads does not keep it from ending', async () => {
    const paddock = await start();
    paddock.stderr.pause();
    await ask(paddock.url, 4000);
    const askedAt = performance.now();
    paddock.signal('SIGTERM');
    await expect.poll(() => fetch(paddock.url).catch(() => 'away'), { timeout: 5000 }).toBe('away');
    paddock.stderr.destroy();
    expect(await paddock.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(4000);
  });

  it('may be closed: it goes on without', async () => {
    const paddock = await start();
    await ask(paddock.url, 5);
    paddock.stderr.destroy();
    await ask(paddock.url, 2000);
    await fetch(`${paddock.url}/v1/chat/completions`, { method: 'POST', body: '{"model":"a/m"}' });
    await ask(paddock.url, 5);
    paddock.signal('SIGTERM');
    expect(await paddock.ended).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('may be on a disk that is full', async () => {
    const paddock = await start(wrap(server, `'${server.command}' "$@" 2>/dev/full`));
    await ask(paddock.url, 2000);
    paddock.signal('SIGTERM');
    expect(await paddock.ended).toBe(0);
  });

  it('is for people on a terminal, and harmless there', async () => {
    for (const colors of [{}, { NO_COLOR: '1' }]) {
      const running = startOnTerminal(['serve', '--port', '0'], {
        runtime: server.command,
        env: { ...SETTINGS, ...colors },
      });
      const find = () => /Paddock listens on (\S+)/u.exec(running.output())?.[1];
      await expect.poll(find, { timeout: 15_000 }).toBeDefined();
      const url = find() ?? '';
      await ask(url, 1);
      // Bun tells nobody of it.
      await openRaw(url, 'NONSENSE\r\n\r\n').closed;
      await fetch(`${url}/%1b]0;title%07%0a12:00:00%20error:%C2%9B2J%E2%80%AE`);
      await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{"model":"a/org/m"}' });
      await expect.poll(() => running.output(), { timeout: 2000 }).toContain('502');
      running.kill('SIGTERM');
      expect((await running.ended).code).toBe(0);
      const output = running.output();
      const plain = output.replaceAll(/\p{Cc}\[\d+m/gu, '');
      expect(plain).not.toMatch(/[^\P{Cc}\r\n]|[\u2028\u202e]/u);
      if ('NO_COLOR' in colors) expect(plain).toBe(output);
      else expect(output).not.toBe(plain);
      const lines = plain.split('\r\n').filter((line) => /^\d\d:\d\d:\d\d /.test(line));
      expect(lines.map((line) => line.slice('00:00:00 '.length))).toEqual([
        expect.stringMatching(/^ info: GET \/health 200 \d\S* ms [\da-f]{8}$/),
        ...(server === NODE
          ? [expect.stringMatching(/^ info: 400 0 ms [\da-f]{8}: This is no HTTP/)]
          : []),
        expect.stringMatching(
          /^ info: GET \/%1b]0;\S+ 404 \d\S* ms [\da-f]{8}: There is no \/\\u001b]0;/,
        ),
        expect.stringMatching(
          /^error: POST \/v1\/chat\/completions 502 a\/org\/m \d\S* ms [\da-f]{8}: a refused .*\)$/,
        ),
        expect.stringMatching(/^ info: Ending/),
      ]);
    }
  });
});
