import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { call, open } from '../call.ts';
import { startHost, whileTesting } from '../hosts.ts';
import { readLines } from '../log-lines.ts';
import { openRaw } from '../raw-socket.ts';
import { SERVERS } from '../runtimes/runtimes.ts';
import { startPaddock } from './paddock-process.ts';

const STREAM = '/v1/chat/completions';

/** Starts an upstream that begins a stream, which a test continues through `running`. It never answers while "loading". */
async function startStreamingHost() {
  const running: ServerResponse[] = [];
  const host = await whileTesting(
    startHost({
      [STREAM]: ({ headers }, response) => {
        running.push(response);
        if (headers['x-model'] === 'loading') return;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: one\n\n');
      },
    }),
  );
  return { PROVIDERS: `a=openai://127.0.0.1:${host.port}`, running };
}

describe.each(SERVERS)('shutdown on %s', (_name, { command: runtime }) => {
  async function start(env: Record<string, string>) {
    const paddock = startPaddock(['serve'], { runtime, env: { PORT: '0', ...env } });
    const find = () => /Paddock listens on (\S+)/u.exec(paddock.output())?.[1] ?? '';
    await vi.waitFor(() => expect(find()).not.toBe(''), { timeout: 15_000 });
    return { paddock, url: find() };
  }

  async function startStream(url: string) {
    const { answer } = await open(`${url}${STREAM}`, { body: '{"model":"a/m"}' }).opened;
    const chunks: string[] = [];
    answer.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    const ended = new Promise<boolean>((settle) => {
      answer.once('end', () => settle(true));
      answer.once('error', () => settle(false));
    });
    await vi.waitFor(() => expect(chunks.join('')).toBe('data: one\n\n'));
    return { ended, text: () => chunks.join('') };
  }

  it('ends at once if no request is in flight', async () => {
    const { paddock, url } = await start({});
    const opened = openRaw(url);
    await once(opened.socket, 'connect');
    const signalled = performance.now();
    paddock.kill('SIGTERM');
    expect((await paddock.ended).code).toBe(0);
    expect(performance.now() - signalled).toBeLessThan(5000);
  });

  it('waits for a running stream and accepts no new requests', async () => {
    const { running, PROVIDERS } = await startStreamingHost();
    const { paddock, url } = await start({ PROVIDERS });
    const keptAlive = new Agent({ keepAlive: true, maxSockets: 1 });
    const askKeptAlive = () =>
      new Promise<{ status: number | undefined; text: string }>((settle, reject) => {
        request(`${url}/api/providers`, { agent: keptAlive }, (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => (text += String(chunk)));
          answer.once('end', () => settle({ status: answer.statusCode, text }));
        })
          .once('error', reject)
          .end();
      });
    const stream = await startStream(url);
    expect((await askKeptAlive()).status).toBe(200);
    paddock.kill('SIGTERM');
    await sleep(200);
    await expect(call(`${url}/health`, { method: 'GET' })).rejects.toThrow();
    // An existing connection is closed or gets a 503.
    const late = await askKeptAlive().catch(() => null);
    if (late !== null) {
      expect(late.status).toBe(503);
      expect(JSON.parse(late.text)).toMatchObject({ error: { code: 'shutting_down' } });
    }
    running[0]?.end('data: two\n\n');
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toBe('data: one\n\ndata: two\n\n');
    expect((await paddock.ended).code).toBe(0);
    keptAlive.destroy();
  });

  it('ends running streams after SHUTDOWN_GRACE_MS', async () => {
    const { PROVIDERS } = await startStreamingHost();
    const { paddock, url } = await start({ PROVIDERS, SHUTDOWN_GRACE_MS: '700' });
    const stream = await startStream(url);
    const signalled = performance.now();
    paddock.kill('SIGTERM');
    expect(await stream.ended).toBe(false);
    expect((await paddock.ended).code).toBe(0);
    const took = performance.now() - signalled;
    expect(took).toBeGreaterThan(650);
    expect(took).toBeLessThan(5000);
    expect(paddock.output()).toContain(
      'Running requests did not finish within 700 ms: they are cut off',
    );
    expect(readLines(paddock.output()).filter(({ path }) => path === STREAM)).toEqual([
      expect.objectContaining({
        level: 'warn',
        status: 200,
        end: 'cut_off',
        msg: `POST ${STREAM} 200: cut off by the shutdown of Paddock`,
      }),
    ]);
  });

  it('logs which clients left and which were cut off', async () => {
    const { running, PROVIDERS } = await startStreamingHost();
    const { paddock, url } = await start({ PROVIDERS, SHUTDOWN_GRACE_MS: '500' });
    const body = '{"model":"a/m"}';
    const leaver = await open(`${url}${STREAM}`, { body }).opened;
    leaver.answer.on('error', () => {});
    const waiting = open(`${url}${STREAM}`, { body, headers: { 'x-model': 'loading' } });
    const cutOff = expect(waiting.opened).rejects.toThrow();
    await vi.waitFor(() => expect(running).toHaveLength(2));
    paddock.kill('SIGTERM');
    await sleep(100);
    leaver.leave();
    await cutOff;
    await paddock.ended;
    const lines = readLines(paddock.output()).filter(({ path }) => path === STREAM);
    expect(lines.map(({ status, end }) => [status, end])).toEqual([
      [200, 'client_gone'],
      [499, 'cut_off'],
    ]);
  });

  it('ends at once on a second signal', async () => {
    const { PROVIDERS } = await startStreamingHost();
    const { paddock, url } = await start({ PROVIDERS });
    const stream = await startStream(url);
    paddock.kill('SIGINT');
    await vi.waitFor(() => expect(paddock.output()).toContain('second signal'));
    paddock.kill('SIGINT');
    expect((await paddock.ended).code).toBe(1);
    expect(await stream.ended).toBe(false);
  });

  it('ends event streams', async () => {
    const { PROVIDERS } = await startStreamingHost();
    const { paddock, url } = await start({ PROVIDERS });
    const { answer } = await open(`${url}/api/events`, { method: 'GET' }).opened;
    answer.resume();
    await vi.waitFor(() => expect(answer.readableFlowing).toBe(true));
    await sleep(300);
    const signalled = performance.now();
    paddock.kill('SIGTERM');
    expect((await paddock.ended).code).toBe(0);
    expect(performance.now() - signalled).toBeLessThan(5000);
    expect(answer.complete).toBe(true);
  });
});
