import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { call } from '../call.ts';
import { openRaw, readRaw, type RawSocket } from '../raw-socket.ts';
import { answerName, createRecorder } from '../recorder.ts';
import { RUNTIMES, type Instance, type Runtime } from './runtimes.ts';

const CHAT = '/v1/chat/completions';
const MIB = 2 ** 20;
const FORM = [
  '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n',
  'multipart/form-data; boundary=b',
] as const;
const JSON_BODY = ['{"messages":"', 'application/json'] as const;

describe.each(RUNTIMES)('BODY_MEMORY_BYTES on %s', (_name, make) => {
  const host = createRecorder();
  let runtime: Runtime;
  let paddock: Instance;
  beforeAll(async () => {
    await host.start();
    runtime = await make();
    paddock = await runtime.start({
      PROVIDERS: `a=llama-swap://127.0.0.1:${host.port}`,
      MAX_BODY_BYTES: String(16 * MIB),
      BODY_MEMORY_BYTES: String(8 * MIB),
    });
  });
  afterAll(async () => {
    await paddock?.stop();
    await runtime?.close();
    await host.close();
  });

  const chat = (length: number) =>
    call(paddock.url + CHAT, {
      body: JSON.stringify({ model: 'a/m', text: '' }).replace(
        '""',
        JSON.stringify('x'.repeat(length)),
      ),
    });

  /** Sends 3 MiB of a body of 4 MiB. */
  function stall(path: string, [start, type]: readonly [string, string]): RawSocket {
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${4 * MIB}\r\n\r\n`;
    const opened = openRaw(paddock.url, head + start + 'x'.repeat(3 * MIB));
    onTestFinished(() => void opened.socket.destroy());
    return opened;
  }

  it.each([
    ['JSON bodies', CHAT, JSON_BODY],
    ['forms with the file before the model', '/v1/audio/transcriptions', FORM],
  ])(
    'counts stalled %s, and frees their memory when the clients leave',
    async (_what, path, body) => {
      host.reply(answerName('ok'));
      const stalled = [stall(path, body), stall(path, body)];
      const refused = async () => {
        // Paddock refused it if it arrived after the body of this request.
        for (const [index, { received }] of stalled.entries()) {
          if (received() !== '') stalled[index] = stall(path, body);
        }
        const { status, headers, text } = await chat(3 * MIB);
        return { status, retryAfter: headers['retry-after'], code: JSON.parse(text).error?.code };
      };
      await expect
        .poll(refused, { timeout: 5000, interval: 200 })
        .toEqual({ status: 503, retryAfter: '1', code: 'overloaded' });
      expect((await chat(1000)).status).toBe(200);
      for (const { socket } of stalled) socket.resetAndDestroy();
      const statusOf = async () => (await chat(3 * MIB)).status;
      await expect.poll(statusOf, { timeout: 5000, interval: 200 }).toBe(200);
    },
  );

  it('counts a body until its answer has ended', async () => {
    const ends: (() => void)[] = [];
    host.reply((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      ends.push(() => response.end('data: [DONE]\n\n'));
    });
    const first = [chat(3 * MIB), chat(3 * MIB)];
    await expect.poll(() => ends.length, { timeout: 5000 }).toBe(2);
    for (const end of ends) end();
    for (const { status } of await Promise.all(first)) expect(status).toBe(200);
    host.reply(answerName('ok'));
    for (let index = 0; index < 5; index += 1) expect((await chat(3 * MIB)).status).toBe(200);
  });

  it('returns 413 for a larger body and names the setting', async () => {
    const head = `POST ${CHAT} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${10 * MIB}\r\n\r\n`;
    const { closed, received } = openRaw(paddock.url, head + ' '.repeat(10 * MIB));
    await expect.poll(() => received().includes('}'), { timeout: 5000 }).toBe(true);
    void closed;
    expect(readRaw(received())).toMatchObject({
      status: 413,
      json: {
        error: { code: 'body_too_large', message: expect.stringContaining('BODY_MEMORY_BYTES') },
      },
    });
  });
});
