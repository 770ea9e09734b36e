import { expect, it } from 'vitest';
import { describeGateway } from './gateway-fixture.ts';

const REQUEST = { body: '{"model":"one/m:latest","messages":[{"role":"user","content":"Hi"}]}' };
const toEvent = (content: string) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

describeGateway('translates Ollama’s API', ({ runtime, one, ask, begin }) => {
  it('line by line, as events arrive', async () => {
    const pieces = ['a', 'b'];
    let next = () => {};
    one.reply((response, { url }) => {
      if (url !== '/v1/chat/completions') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      next = () => {
        const piece = pieces.shift();
        if (piece === undefined) response.end('data: [DONE]\n\n');
        else response.write(toEvent(piece));
      };
      next();
    });
    const { answer } = await begin('/api/chat', REQUEST).opened;
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'x-accel-buffering': 'no',
      'x-paddock-model': 'm',
    });
    const reading = answer[Symbol.asyncIterator]();
    const lines = [];
    for (let read = await reading.next(); read.done !== true; read = await reading.next()) {
      lines.push(JSON.parse(String(read.value)));
      next();
    }
    expect(lines.map(({ message, done }) => [message.content, done])).toEqual([
      ['a', false],
      ['b', false],
      ['', true],
    ]);
  });

  it('no faster than the client reads', async () => {
    const event = Buffer.from(toEvent('x'.repeat(64 * 1024)));
    const total = 4000;
    let written = 0;
    one.reply((response, { url }) => {
      if (url !== '/v1/chat/completions') return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = () => {
        while (written < total && !response.destroyed) {
          written += 1;
          if (!response.write(event)) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    const { answer, leave } = await begin('/api/chat', REQUEST).opened;
    answer.on('error', () => {});
    // The upstream is stalled once nothing more is written for a while.
    let stalled = -1;
    await expect
      .poll(() => stalled === written || ((stalled = written), false), { interval: 400 })
      .toBe(true);
    expect(stalled).toBeLessThan(total);
    leave();
  });

  it('and ends the provider’s request when the client leaves', async () => {
    for (const stream of [true, false]) {
      one.reply((response, { url }) => {
        if (url !== '/v1/chat/completions') return void response.writeHead(404).end();
        const type = stream ? 'text/event-stream' : 'application/json';
        response.writeHead(200, { 'content-type': type });
        response.write(stream ? toEvent('a') : '{"choices":');
      });
      const [before, chats] = [one.brokenOff(), countChats()];
      const body = REQUEST.body.replace('{', `{"stream":${stream},`);
      const { opened, leave } = begin('/api/chat', { body });
      opened.catch(() => {});
      if (stream) {
        const { answer } = await opened;
        answer.on('error', () => {});
        await new Promise((resolve) => answer.once('data', resolve));
      } else await expect.poll(countChats).toBe(chats + 1);
      leave();
      const soon = { timeout: runtime === 'workerd' ? 5000 : 1000, interval: 5 };
      await expect.poll(() => one.brokenOff(), soon).toBe(before + 1);
    }
  });

  it('and answers errors in its shape', async () => {
    const cases = [
      ['/api/chat', '{', 400],
      ['/api/chat', '{"model":"dead/m","messages":[{"role":"user"}]}', 502],
      ['/api/show', '{"model":"one/absent"}', 404],
    ] as const;
    for (const [path, body, status] of cases) {
      const answer = await ask(path, { body });
      expect([path, answer.status, JSON.parse(answer.text)]).toEqual([
        path,
        status,
        { error: expect.any(String) },
      ]);
    }
  });

  const countChats = () => one.received.filter(({ url }) => url === '/v1/chat/completions').length;
});
