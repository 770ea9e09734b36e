import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../make-app.ts';
import { startOnTerminal } from '../programs/paddock-process.ts';
import { openRaw } from '../raw-socket.ts';
import { NODE, SERVERS, startForTest, startServer, type Server } from './runtimes.ts';

const SHORT = { path: '/health', status: 200 };
/** A request whose log line has over 1,000 characters. */
const LONG = { path: `/${'x'.repeat(500)}`, status: 404 };

const SETTINGS = { PROVIDERS: 'a=llama-swap://127.0.0.1:9', HOST: '127.0.0.1' };

/** Sends `count` requests, 8 at a time. Returns the duration of the slowest in milliseconds. */
async function ask(url: string, count: number, { path, status } = SHORT): Promise<number> {
  let left = count;
  let slowest = 0;
  const asker = async () => {
    while (left-- > 0) {
      const askedAt = performance.now();
      const answer = await fetch(url + path);
      await answer.arrayBuffer();
      expect(answer.status).toBe(status);
      slowest = Math.max(slowest, performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: 8 }, asker));
  return slowest;
}

/** Replaces the server's command by a shell script, in which `"$@"` is the program with its arguments. */
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
  toMessages(output).filter((message) => message.startsWith('GET /')).length;

describe.each(SERVERS)('the log of a process on %s', (_name, server) => {
  const preload = server === NODE ? '--import' : '--preload';
  const start = (other: Server = server, settings: Record<string, string> = {}) =>
    startForTest(startServer(other, { cwd: makeFolder(), settings: { ...SETTINGS, ...settings } }));

  it('is written within a second, and errors immediately', async () => {
    const paddock = await start();
    await ask(paddock.url, 3);
    await expect.poll(() => countRequests(paddock.output()), { timeout: 1000 }).toBe(3);
    await fetch(`${paddock.url}/v1/chat/completions`, { method: 'POST', body: '{"model":"a/m"}' });
    await expect
      .poll(() => toMessages(paddock.output()).at(-1), { timeout: 1000, interval: 10 })
      .toMatch(/^POST .* 502: a refused/);
  });

  it('has no lines below LOG_LEVEL', async () => {
    const paddock = await start(server, { LOG_LEVEL: 'error', HOST: '0.0.0.0' });
    await ask(paddock.url.replace('0.0.0.0', '127.0.0.1'), 20);
    await sleep(300);
    expect(toMessages(paddock.output())).toEqual([]);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'is complete when %s ends the process',
    async (signal) => {
      const paddock = await start();
      await ask(paddock.url, 300);
      paddock.signal(signal);
      expect(await paddock.ended).toBe(0);
      expect(countRequests(paddock.output())).toBe(300);
      expect(toMessages(paddock.output()).at(-1)).toMatch(/^Shutting down/);
    },
  );

  it.each([
    ['an uncaught exception', "throw new Error('boom')"],
    ['an unhandled rejection', "Promise.reject(new Error('boom'))"],
  ])('is complete when %s ends the process', async (_what, fault) => {
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

  it('drops lines instead of blocking if stderr is not read, and reports how many', async () => {
    const paddock = await start();
    paddock.stderr.pause();
    expect(await ask(paddock.url, 2500, LONG)).toBeLessThan(1000);
    paddock.stderr.resume();
    const find = () => /(\d+) lines of the log were dropped/.exec(paddock.output())?.[1];
    await expect.poll(find, { timeout: 5000 }).toBeDefined();
    await ask(paddock.url, 5);
    paddock.signal('SIGTERM');
    expect(await paddock.ended).toBe(0);
    expect(countRequests(paddock.output()) + Number(find())).toBe(2505);
  });

  it('does not keep the process from ending if stderr is never read', async () => {
    const paddock = await start();
    paddock.stderr.pause();
    await ask(paddock.url, 1500, LONG);
    const askedAt = performance.now();
    paddock.signal('SIGTERM');
    await expect.poll(() => fetch(paddock.url).catch(() => 'away'), { timeout: 5000 }).toBe('away');
    paddock.stderr.destroy();
    expect(await paddock.ended).toBe(0);
    expect(performance.now() - askedAt).toBeLessThan(4000);
  });

  it('may be closed while the process serves requests', async () => {
    const paddock = await start();
    await ask(paddock.url, 5);
    paddock.stderr.destroy();
    await ask(paddock.url, 500, LONG);
    await fetch(`${paddock.url}/v1/chat/completions`, { method: 'POST', body: '{"model":"a/m"}' });
    await ask(paddock.url, 5);
    paddock.signal('SIGTERM');
    expect(await paddock.ended).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('may be on a full disk', async () => {
    const paddock = await start(wrap(server, `'${server.command}' "$@" 2>/dev/full`));
    await ask(paddock.url, 500, LONG);
    paddock.signal('SIGTERM');
    expect(await paddock.ended).toBe(0);
  });

  it('is formatted for a terminal and has no control characters', async () => {
    for (const colors of [{}, { NO_COLOR: '1' }]) {
      const running = startOnTerminal(['serve', '--port', '0'], {
        runtime: server.command,
        env: { ...SETTINGS, ...colors },
      });
      const find = () => /Paddock listens on (\S+)/u.exec(running.output())?.[1];
      await expect.poll(find, { timeout: 15_000 }).toBeDefined();
      const url = find() ?? '';
      await ask(url, 1);
      // Bun answers it without telling Paddock.
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
          ? [expect.stringMatching(/^ info: 400 0 ms [\da-f]{8}: The data is not an HTTP/)]
          : []),
        expect.stringMatching(
          /^ info: GET \/%1b]0;\S+ 404 \d\S* ms [\da-f]{8}: No route matches \/\\u001b]0;/,
        ),
        expect.stringMatching(
          /^error: POST \/v1\/chat\/completions 502 a\/org\/m \d\S* ms [\da-f]{8}: a refused .*\)$/,
        ),
        expect.stringMatching(/^ info: Shutting down/),
      ]);
    }
  });
});
