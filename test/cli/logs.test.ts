import { describe, expect, it } from 'vitest';
import { chat, until } from '../demo/host-fixture.ts';
import { json, startHost as startOddHost, text, whileTesting } from '../hosts.ts';
import { startFleet, startPaddock } from './command-fixture.ts';

const ESCAPE = '\u{1b}';

describe('paddock logs', () => {
  it.each([
    ['logs a', /^\[INFO\] <small> Executing start command/m],
    ['logs a small', /^srv +load_model: loading model.*\/small\.gguf/],
    ['logs a a/small', /^srv +load_model: loading model.*\/small\.gguf/],
    ['logs a/small', /^srv +load_model: loading model.*\/small\.gguf/],
    ['logs a broken', /failed to load model: out of memory\n$/],
  ])('%s', async (line, log) => {
    const { run, a } = await startFleet();
    for (const model of ['small', 'broken']) await (await chat(a.url, { model })).text();
    expect(await run(line)).toEqual({ code: 0, stdout: expect.stringMatching(log), stderr: '' });
  });

  it('follows new lines until the reader of its output is gone', async () => {
    const { run, a } = await startFleet();
    const closing = new AbortController();
    const seen: string[] = [];
    const onWrite = (part: string) => {
      seen.push(part);
      if (part.includes('loading model')) closing.abort();
    };
    const running = run('logs a vendor -f', { closed: closing.signal, onWrite });
    await until(() => a.logReaders() === 1);
    await (await chat(a.url, { model: 'vendor' })).text();
    expect(await running).toMatchObject({ code: 0, stderr: '' });
    expect(seen).toEqual([expect.stringContaining('vendor.gguf')]);
    await until(() => a.logReaders() === 0);
  });

  it('removes control sequences on a terminal only', async () => {
    const raw = `${ESCAPE}[32mready${ESCAPE}[0m\t100%\r\n${ESCAPE}]0;x\u{7}`;
    const host = await whileTesting(startOddHost({ '/logs': text(raw, 'text/plain') }));
    const { run } = await startPaddock({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    expect((await run('logs a', { width: 80 })).stdout).toBe('ready\t100%\n');
    expect((await run('logs a')).stdout).toBe(raw);
  });

  it.each([
    ['logs a vendor', 0, /^a has logged nothing for vendor since it started\.\n$/],
    [
      'logs a nothing',
      1,
      /^a has no log of a model "nothing": paddock models lists its models\.\n$/,
    ],
    ['logs c', 1, /^c is of kind openai, which gives no access to its log\.\n$/],
    ['logs only-b', 2, /^No provider.*\nDid you mean paddock logs b only-b\?\n$/],
    ['logs vendor/big:q4', 2, /^No provider.*\nDid you mean paddock logs a vendor\/big:q4\?\n$/],
    ['logs small', 2, /\nDid you mean paddock logs a small or paddock logs b small\?\n$/],
    ['logs x', 2, /^No provider has this name\. The providers are a, b, c\.\n$/],
    ['logs a ..', 2, /^A path cannot contain this model ID/],
  ])('%s exits with %d and says why', async (line, code, message) => {
    const { run } = await startFleet();
    expect(await run(line)).toEqual({ code, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('says so when the whole log is empty, and when the connection breaks', async () => {
    const host = await whileTesting(
      startOddHost({
        '/running': json({ running: [] }),
        '/logs': text('', 'text/plain'),
        '/logs/stream/m': (request, response) => {
          response.writeHead(200).write('line\n');
          setTimeout(() => request.socket.resetAndDestroy(), 20);
        },
      }),
    );
    const { run } = await startPaddock({ PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}` });
    expect(await run('logs a')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'The log of a is empty.\n',
    });
    expect(await run('logs a m -f')).toEqual({
      code: 3,
      stdout: 'line\n',
      stderr: 'The connection was lost: the log is incomplete.\n',
    });
  });
});

describe('paddock load', () => {
  it('waits until the model is ready', async () => {
    const { run, a } = await startFleet();
    const { code, stdout, stderr } = await run('load tiny');
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringMatching(/^a\/tiny is ready after \S+ m?s\.\n$/),
      '',
    ]);
    expect(a.running()).toMatchObject([{ model: 'small', state: 'ready' }]);
    const asJson = await run('load small --json');
    expect(JSON.parse(asJson.stdout)).toEqual({
      id: 'a/small',
      provider: 'a',
      model: 'small',
      loadMs: expect.any(Number),
    });
  });

  it.each([
    ['load only-b', 1, /^a has no model "only-b" of its own: .*\nDid you mean b\/only-b\?\n$/],
    ['load lab/small', 1, /^a has no model.*\n.*Did you mean .*small\?\n$/],
    [
      'load a/broken',
      1,
      /^a did not load "broken" \(HTTP 500\): .*\nIts log may say why: paddock logs a broken\n$/,
    ],
    ['load c/m', 1, /^c is of kind openai/],
    ['load a/', 2, /names the provider "a" but no model/],
  ])('%s exits with %d and says why', async (line, code, message) => {
    const { run } = await startFleet();
    expect(await run(line)).toEqual({ code, stdout: '', stderr: expect.stringMatching(message) });
  });
});
